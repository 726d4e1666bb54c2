import { z } from 'zod';
import { type Answer, created, noContent, notFound, ok } from './answer.ts';
import {
  type Call,
  inRepository,
  numberParam,
  type RepositoryHandler,
  readBody,
  timeQuery,
  unknownQuery,
  wordQuery,
} from './call.ts';
import { commentCount, issueShape } from './issue-shape.ts';
import { setIssueState } from './issue-state.ts';
import { labelNames, refuseLabels, useLabels } from './label-use.ts';
import { pagedList } from './paging.ts';
import { refuseReopening } from './pull-reopening.ts';
import { type IssueRecord, type RepositoryRecord, takeId } from './records.ts';
import type { Repository } from './repository.ts';
import { fullName } from './repository-shape.ts';
import { refuseText } from './text-limits.ts';

/** A handler of `/issues/{number}/…`: 404 when there is no such issue. */
export function inIssue(handler: (call: Call, repository: Repository, issue: IssueRecord) => Promise<Answer>) {
  const find: RepositoryHandler = async (call, repository) => {
    const number = numberParam(call, 'number');
    const issue = repository.record().issues.find((candidate) => candidate.number === number);
    return issue === undefined ? notFound() : handler(call, repository, issue);
  };
  return inRepository(find);
}

export const getIssue = inIssue(async (call, repository, issue) =>
  ok(issueShape(call.forge, repository.record(), issue)),
);

export const listIssues = inRepository(async (call, repository) => {
  const unknown = unknownQuery(call, ['state', 'labels', 'since', 'sort', 'direction', 'creator']);
  if (unknown !== null) return unknown;
  const state = wordQuery(call, 'state', ['open', 'closed', 'all']);
  const sort = wordQuery(call, 'sort', ['created', 'updated', 'comments']);
  const direction = wordQuery(call, 'direction', ['desc', 'asc']);
  const since = timeQuery(call, 'since');
  if (!state.ok) return state.answer;
  if (!sort.ok) return sort.answer;
  if (!direction.ok) return direction.answer;
  if (!since.ok) return since.answer;
  const record = repository.record();
  const creator = call.query.get('creator');
  const labels = (call.query.get('labels') ?? '').split(',').filter((name) => name !== '');
  const issues = record.issues
    .filter((issue) => state.value === 'all' || issue.state === state.value)
    .filter((issue) => labels.every((label) => issue.labels.some((name) => name.toLowerCase() === label.toLowerCase())))
    .filter((issue) => since.value === undefined || Date.parse(issue.updatedAt) >= Date.parse(since.value))
    .filter(() => creator === null || creator.toLowerCase() === call.forge.login.toLowerCase());
  const sorted = sortIssues(record, issues, sort.value, direction.value);
  return pagedList(call, sorted, (issue) => issueShape(call.forge, record, issue));
});

const newIssue = z.object({ title: z.coerce.string(), body: z.string().nullish(), labels: labelNames.optional() });

export const createIssue = inRepository(async (call, repository) => {
  const body = readBody(call, newIssue);
  if (!body.ok) return body.answer;
  const { title, labels = [] } = body.value;
  const refusal = refuseText('Issue', { title, body: body.value.body }) ?? refuseLabels(labels);
  if (refusal !== null) return refusal;
  const now = call.forge.now();
  const issue = await repository.edit((draft) => {
    const added = addIssue(draft, { title, body: body.value.body ?? null, now });
    added.labels = useLabels(draft, labels);
    return added;
  });
  return created(
    issueShape(call.forge, repository.record(), issue),
    issueEffect(repository, issue, `created: ${title}`),
  );
});

const changedIssue = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).nullish(),
  labels: labelNames.optional(),
});

export const updateIssue = inIssue(async (call, repository, issue) => {
  const body = readBody(call, changedIssue);
  if (!body.ok) return body.answer;
  const { title, state, state_reason: reason = null, labels } = body.value;
  const refusal =
    refuseText(issue.pull === null ? 'Issue' : 'PullRequest', body.value) ??
    refuseLabels(labels ?? []) ??
    (state === 'open' ? await refuseReopening(repository, issue) : null);
  if (refusal !== null) return refusal;
  const now = call.forge.now();
  const changed = await editIssue(repository, issue.number, (draft, target) => {
    if (title !== undefined) target.title = title;
    if (body.value.body !== undefined) target.body = body.value.body;
    if (labels !== undefined) target.labels = useLabels(draft, labels);
    if (state !== undefined) setIssueState(target, state, reason, now);
    target.updatedAt = now;
  });
  const fields = Object.keys(body.value).join(', ');
  return ok(
    issueShape(call.forge, repository.record(), changed),
    issueEffect(repository, changed, `changed: ${fields}`),
  );
});

const lock = z.object({ lock_reason: z.enum(['off-topic', 'too heated', 'resolved', 'spam']).nullish() });

export const lockIssue = inIssue(async (call, repository, issue) => {
  const body = readBody(call, lock);
  if (!body.ok) return body.answer;
  await editIssue(repository, issue.number, (_, target) => {
    target.locked = true;
    target.lockReason = body.value.lock_reason ?? null;
  });
  return noContent(issueEffect(repository, issue, 'locked'));
});

export const unlockIssue = inIssue(async (_, repository, issue) => {
  await editIssue(repository, issue.number, (_draft, target) => {
    target.locked = false;
    target.lockReason = null;
  });
  return noContent(issueEffect(repository, issue, 'unlocked'));
});

/** Adds an open issue with the next number of the one sequence that issues and pull requests share. */
export function addIssue(
  draft: RepositoryRecord,
  facts: { title: string; body: string | null; now: string },
): IssueRecord {
  const issue: IssueRecord = {
    id: takeId(draft),
    number: draft.nextNumber,
    title: facts.title,
    body: facts.body,
    state: 'open',
    stateReason: null,
    labels: [],
    locked: false,
    lockReason: null,
    createdAt: facts.now,
    updatedAt: facts.now,
    closedAt: null,
    pull: null,
  };
  draft.nextNumber += 1;
  draft.issues.push(issue);
  return issue;
}

/** Stores a change of one issue and gives it back as it is now. */
export async function editIssue(
  repository: Repository,
  number: number,
  change: (draft: RepositoryRecord, issue: IssueRecord) => void,
): Promise<IssueRecord> {
  return repository.edit((draft) => {
    const issue = draft.issues.find((candidate) => candidate.number === number);
    if (issue === undefined) throw new Error(`issue ${number} is gone although nothing deletes issues`);
    change(draft, issue);
    return issue;
  });
}

export function issueEffect(repository: Repository, issue: { number: number }, detail: string) {
  return { name: `${fullName(repository.record())}#${issue.number}`, detail };
}

function sortIssues(
  record: RepositoryRecord,
  issues: readonly IssueRecord[],
  sort: 'created' | 'updated' | 'comments',
  direction: 'asc' | 'desc',
): IssueRecord[] {
  const key = {
    created: (issue: IssueRecord) => Date.parse(issue.createdAt),
    updated: (issue: IssueRecord) => Date.parse(issue.updatedAt),
    comments: (issue: IssueRecord) => commentCount(record, issue),
  }[sort];
  // Times are whole seconds, so what happened in the same one is told apart by its number.
  const ascending = [...issues].sort((one, other) => key(one) - key(other) || one.number - other.number);
  return direction === 'asc' ? ascending : ascending.reverse();
}
