import { z } from 'zod';
import { type Answer, created, notFound, ok, validationFailed } from './answer.ts';
import { type Call, inRepository, readBody, unknownQuery, wordQuery } from './call.ts';
import { commitShape, fileShape } from './commit-shape.ts';
import { oldestFirst, ownBranch } from './commits-api.ts';
import { gitText } from './git.ts';
import { countCommits, mergeBase } from './git-commits.ts';
import { readRef } from './git-refs.ts';
import { setIssueState } from './issue-state.ts';
import { addIssue, editIssue, inIssue, issueEffect } from './issues-api.ts';
import { linkHeader, pagedList, pageOf } from './paging.ts';
import { pullFiles, pullRange, readPullFacts } from './pull-facts.ts';
import { openPullBetween, refuseReopening } from './pull-reopening.ts';
import { fullPullShape, type PullFacts, pullShape } from './pull-shape.ts';
import { isPull, type PullIssue } from './records.ts';
import type { Repository } from './repository.ts';
import { refuseText } from './text-limits.ts';

/** A handler of `/pulls/{number}/…`: 404 when the number is an issue's or nobody's. */
export function inPull(handler: (call: Call, repository: Repository, issue: PullIssue) => Promise<Answer>) {
  return inIssue(async (call, repository, issue) => (isPull(issue) ? handler(call, repository, issue) : notFound()));
}

export const getPull = inPull(async (call, repository, issue) => {
  const facts = await readPullFacts(repository, issue);
  return ok(fullPullShape(call.forge, repository.record(), issue, facts));
});

export const listPulls = inRepository(async (call, repository) => {
  const unknown = unknownQuery(call, ['state', 'head', 'base', 'sort', 'direction']);
  if (unknown !== null) return unknown;
  const state = wordQuery(call, 'state', ['open', 'closed', 'all']);
  const sort = wordQuery(call, 'sort', ['created', 'updated']);
  const direction = wordQuery(
    call,
    'direction',
    sort.ok && sort.value === 'created' ? ['desc', 'asc'] : ['asc', 'desc'],
  );
  if (!state.ok) return state.answer;
  if (!sort.ok) return sort.answer;
  if (!direction.ok) return direction.answer;
  const record = repository.record();
  const head = call.query.get('head');
  const base = call.query.get('base');
  const key = (issue: PullIssue) => Date.parse(sort.value === 'created' ? issue.createdAt : issue.updatedAt);
  const pulls = record.issues
    .filter(isPull)
    .filter((issue) => state.value === 'all' || issue.state === state.value)
    .filter((issue) => !head?.includes(':') || `${record.owner}:${issue.pull.head.ref}` === head)
    .filter((issue) => base === null || issue.pull.base.ref === base)
    .sort((one, other) => key(one) - key(other) || one.number - other.number);
  const sorted = direction.value === 'asc' ? pulls : pulls.reverse();
  return pagedList(call, sorted, (issue) => pullShape(call.forge, record, issue, null));
});

const newPull = z.object({
  title: z.string(),
  head: z.string(),
  base: z.string(),
  body: z.string().nullish(),
  draft: z.boolean().default(false),
  maintainer_can_modify: z.boolean().optional(),
});

export const createPull = inRepository(async (call, repository) => {
  const body = readBody(call, newPull);
  if (!body.ok) return body.answer;
  const refusal = refuseText('PullRequest', body.value);
  if (refusal !== null) return refusal;
  const range = await openRange(repository, ownBranch(repository, body.value.head), body.value.base);
  if (!range.ok) return range.answer;
  const { head, base } = range;
  const { title, draft: isDraft } = body.value;
  const now = call.forge.now();
  const next = repository.record().nextNumber;
  await gitText(repository.git, ['update-ref', `refs/pull/${next}/head`, head.sha]);
  const issue = await repository.edit((draft) => {
    const added = addIssue(draft, { title, body: body.value.body ?? null, now });
    const pull = { head, base, draft: isDraft, mergedAt: null, mergeCommit: null, merging: null };
    added.pull = pull;
    return { ...added, pull };
  });
  const facts = unknownYet(await readPullFacts(repository, issue));
  const effect = issueEffect(repository, issue, `pull request created: ${head.ref} into ${base.ref}: ${title}`);
  return created(fullPullShape(call.forge, repository.record(), issue, facts), effect);
});

const changedPull = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  state: z.enum(['open', 'closed']).optional(),
  base: z.string().optional(),
  maintainer_can_modify: z.boolean().optional(),
});

export const updatePull = inPull(async (call, repository, issue) => {
  const body = readBody(call, changedPull);
  if (!body.ok) return body.answer;
  const { title, state, base } = body.value;
  const rebased = base === undefined ? null : await openRange(repository, issue.pull.head.ref, base, issue.number);
  if (rebased !== null && !rebased.ok) return rebased.answer;
  const refusal =
    refuseText('PullRequest', body.value) ?? (state === 'open' ? await refuseReopening(repository, issue) : null);
  if (refusal !== null) return refusal;
  const now = call.forge.now();
  await editIssue(repository, issue.number, (_, target) => {
    if (title !== undefined) target.title = title;
    if (body.value.body !== undefined) target.body = body.value.body;
    if (rebased !== null && target.pull !== null) target.pull.base = rebased.base;
    if (state !== undefined) setIssueState(target, state, null, now);
    target.updatedAt = now;
  });
  const changed =
    repository
      .record()
      .issues.filter(isPull)
      .find(({ number }) => number === issue.number) ?? issue;
  const facts = await readPullFacts(repository, changed);
  const effect = issueEffect(repository, issue, `changed: ${Object.keys(body.value).join(', ')}`);
  return ok(fullPullShape(call.forge, repository.record(), changed, facts), effect);
});

export const listPullFiles = inPull(async (call, repository, issue) => {
  const { base, head } = await pullRange(repository, issue);
  const files = await pullFiles(repository, base, head);
  return pagedList(call, files, (file) => fileShape(call.forge, repository.record(), head, file));
});

export const listPullCommits = inPull(async (call, repository, issue) => {
  const { base, head } = await pullRange(repository, issue);
  const page = pageOf(call);
  const total = await countCommits(repository.git, [`${base}..${head}`]);
  const commits = await oldestFirst(repository.git, `${base}..${head}`, total, page);
  const shapes = commits.map((commit) => commitShape(call.forge, repository.record(), commit));
  return { ...ok(shapes), headers: linkHeader(call, page, total) };
});

type Tip = { ref: string; sha: string };

/** The two tips of a pull request that may be opened (or moved to another base), else GitHub's reason why not. */
async function openRange(
  repository: Repository,
  headName: string,
  baseName: string,
  own?: number,
): Promise<{ ok: true; head: Tip; base: Tip } | { ok: false; answer: Answer }> {
  const { git } = repository;
  const record = repository.record();
  const head = await readRef(git, `refs/heads/${headName}`);
  const base = await readRef(git, `refs/heads/${baseName}`);
  if (head === null || base === null) return refusePull({ code: 'invalid', field: head === null ? 'head' : 'base' });
  const double = openPullBetween(record, headName, baseName);
  if (double !== undefined && double.number !== own) {
    return refusePull({ code: 'custom', message: `A pull request already exists for ${record.owner}:${headName}.` });
  }
  if ((await mergeBase(git, base.sha, head.sha)) === null) {
    return refusePull({ code: 'custom', message: `The ${headName} branch has no history in common with ${baseName}` });
  }
  if ((await countCommits(git, [`${base.sha}..${head.sha}`])) === 0) {
    return refusePull({ code: 'custom', message: `No commits between ${baseName} and ${headName}` });
  }
  return { ok: true, head: { ref: headName, sha: head.sha }, base: { ref: baseName, sha: base.sha } };
}

function refusePull(error: { code: 'invalid' | 'custom'; field?: string; message?: string }): {
  ok: false;
  answer: Answer;
} {
  return { ok: false, answer: validationFailed({ resource: 'PullRequest', ...error }) };
}

/** GitHub tries the merge in the background and answers a creation before it knows. */
function unknownYet(facts: PullFacts): PullFacts {
  return { ...facts, mergeable: null, mergeableState: 'unknown', mergeCommit: null };
}
