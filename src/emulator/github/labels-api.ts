import { z } from 'zod';
import { created, notFound, ok, validationFailed } from './answer.ts';
import { type Call, inRepository, param, readBody } from './call.ts';
import { labelNamed, labelShape } from './issue-shape.ts';
import { editIssue, inIssue, issueEffect } from './issues-api.ts';
import { addLabel, findLabel, labelNames, refuseLabels, useLabels } from './label-use.ts';
import { pagedList } from './paging.ts';
import type { IssueRecord } from './records.ts';
import type { Repository } from './repository.ts';
import { fullName } from './repository-shape.ts';

export const listLabels = inRepository(async (call, repository) => {
  const record = repository.record();
  return pagedList(call, record.labels, (label) => labelShape(call.forge, record, label));
});

export const getLabel = inRepository(async (call, repository) => {
  const label = findLabel(repository.record(), param(call, 'name'));
  return label === undefined ? notFound() : ok(labelShape(call.forge, repository.record(), label));
});

const newLabel = z.object({
  name: z.string(),
  color: z.string().optional(),
  description: z.string().max(100).nullish(),
});

export const createLabel = inRepository(async (call, repository) => {
  const body = readBody(call, newLabel);
  if (!body.ok) return body.answer;
  const { name, color } = body.value;
  const refusal = refuseLabels([name]);
  if (refusal !== null) return refusal;
  if (color !== undefined && !/^[0-9a-f]{6}$/i.test(color)) {
    return validationFailed({ resource: 'Label', code: 'invalid', field: 'color' });
  }
  if (findLabel(repository.record(), name) !== undefined) {
    return validationFailed({ resource: 'Label', code: 'already_exists', field: 'name' });
  }
  const label = await repository.edit((draft) => addLabel(draft, body.value));
  const record = repository.record();
  return created(labelShape(call.forge, record, label), { name: fullName(record), detail: `label created: ${name}` });
});

export const listIssueLabels = inIssue(async (call, repository, issue) =>
  pagedList(call, issueLabels(call, repository, issue), (label) => label),
);

export const addIssueLabels = inIssue((call, repository, issue) =>
  changeLabels(call, repository, issue, (present, given) => [...present, ...given]),
);

export const setIssueLabels = inIssue((call, repository, issue) =>
  changeLabels(call, repository, issue, (_, given) => [...given]),
);

export const removeIssueLabel = inIssue(async (call, repository, issue) => {
  const label = findLabel(repository.record(), param(call, 'name'));
  if (label === undefined || !issue.labels.includes(label.name)) return notFound('Label does not exist');
  const now = call.forge.now();
  const changed = await editIssue(repository, issue.number, (_, target) => {
    target.labels = target.labels.filter((name) => name !== label.name);
    target.updatedAt = now;
  });
  return ok(issueLabels(call, repository, changed), issueEffect(repository, issue, `label removed: ${label.name}`));
});

const givenLabels = z.object({ labels: labelNames });

/** GitHub takes the labels in an object or as a bare list. */
async function changeLabels(
  call: Call,
  repository: Repository,
  issue: IssueRecord,
  change: (present: readonly string[], given: readonly string[]) => string[],
) {
  const body = readBody(Array.isArray(call.body) ? { ...call, body: { labels: call.body } } : call, givenLabels);
  if (!body.ok) return body.answer;
  const { labels } = body.value;
  const refusal = refuseLabels(labels);
  if (refusal !== null) return refusal;
  const now = call.forge.now();
  const changed = await editIssue(repository, issue.number, (draft, target) => {
    target.labels = useLabels(draft, change(target.labels, labels));
    target.updatedAt = now;
  });
  return ok(
    issueLabels(call, repository, changed),
    issueEffect(repository, issue, `labels: ${changed.labels.join(', ')}`),
  );
}

function issueLabels(call: Call, repository: Repository, issue: IssueRecord) {
  const record = repository.record();
  return issue.labels.map((name) => labelShape(call.forge, record, labelNamed(record, name)));
}
