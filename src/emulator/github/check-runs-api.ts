import { z } from 'zod';
import { created, notFound, ok, refuse } from './answer.ts';
import { type Call, inRepository, numberParam, param, readBody, unknownQuery } from './call.ts';
import { resolveCommit } from './git-refs.ts';
import { pagedList } from './paging.ts';
import { type CheckRunRecord, type RepositoryRecord, takeId } from './records.ts';
import type { Repository } from './repository.ts';
import { apiUrl, fullName, pageUrl } from './repository-shape.ts';
import { nodeId } from './user-shape.ts';

const conclusions = ['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'timed_out'] as const;
const changedCheckRun = z.object({
  name: z.string().optional(),
  status: z.enum(['queued', 'in_progress', 'completed']).optional(),
  conclusion: z.enum(conclusions).optional(),
  external_id: z.string().optional(),
  details_url: z.string().optional(),
  started_at: z.iso.datetime({ offset: true }).optional(),
  completed_at: z.iso.datetime({ offset: true }).optional(),
  output: z.object({ title: z.string().optional(), summary: z.string(), text: z.string().optional() }).optional(),
});
const newCheckRun = changedCheckRun.extend({ name: z.string(), head_sha: z.string() });

export const createCheckRun = inRepository(async (call, repository) => {
  const body = readBody(call, newCheckRun);
  if (!body.ok) return body.answer;
  const sha = await resolveCommit(repository.git, body.value.head_sha);
  if (sha === null) return refuse(422, `No commit found for SHA: ${body.value.head_sha}`);
  const run = await repository.edit((draft) => {
    const empty: CheckRunRecord = { id: takeId(draft), sha, ...emptyCheckRun, name: body.value.name };
    const added = changeCheckRun(empty, body.value, call.forge.now());
    draft.checkRuns.push(added);
    return added;
  });
  const record = repository.record();
  const effect = {
    name: `${fullName(record)} ${sha}`,
    detail: `check run ${run.name}: ${run.conclusion ?? run.status}`,
  };
  return created(checkRunShape(call, record, run), effect);
});

export const updateCheckRun = inRepository(async (call, repository) => {
  const body = readBody(call, changedCheckRun);
  if (!body.ok) return body.answer;
  const found = findCheckRun(call, repository);
  if (found === undefined) return notFound();
  const changed = changeCheckRun(found, body.value, call.forge.now());
  await repository.edit((draft) => {
    draft.checkRuns = draft.checkRuns.map((run) => (run.id === found.id ? changed : run));
  });
  const record = repository.record();
  const detail = `check run ${changed.name}: ${changed.conclusion ?? changed.status}`;
  return ok(checkRunShape(call, record, changed), { name: `${fullName(record)} ${changed.sha}`, detail });
});

export const getCheckRun = inRepository(async (call, repository) => {
  const run = findCheckRun(call, repository);
  return run === undefined ? notFound() : ok(checkRunShape(call, repository.record(), run));
});

export const listCheckRuns = inRepository(async (call, repository) => {
  const unknown = unknownQuery(call, ['check_name']);
  if (unknown !== null) return unknown;
  const sha = await resolveCommit(repository.git, param(call, 'ref'));
  if (sha === null) return notFound();
  const record = repository.record();
  const name = call.query.get('check_name');
  const runs = record.checkRuns.filter((run) => run.sha === sha && (name === null || run.name === name)).reverse();
  const page = pagedList(call, runs, (run) => checkRunShape(call, record, run));
  return { ...page, body: { total_count: runs.length, check_runs: page.body } };
});

function findCheckRun(call: Call, repository: Repository): CheckRunRecord | undefined {
  const id = numberParam(call, 'id');
  return repository.record().checkRuns.find((run) => run.id === id);
}

const emptyCheckRun = {
  status: 'queued',
  conclusion: null,
  externalId: null,
  detailsUrl: null,
  startedAt: null,
  completedAt: null,
  output: { title: null, summary: null, text: null },
} as const;

/** A conclusion makes a check run completed, and a completed one has a time. */
function changeCheckRun(run: CheckRunRecord, change: z.infer<typeof changedCheckRun>, now: string): CheckRunRecord {
  const conclusion = change.conclusion ?? run.conclusion;
  const status = change.conclusion === undefined ? (change.status ?? run.status) : 'completed';
  const { output } = change;
  return {
    ...run,
    name: change.name ?? run.name,
    status,
    conclusion,
    externalId: change.external_id ?? run.externalId,
    detailsUrl: change.details_url ?? run.detailsUrl,
    startedAt: change.started_at ?? run.startedAt ?? now,
    completedAt: status === 'completed' ? (change.completed_at ?? run.completedAt ?? now) : null,
    output:
      output === undefined
        ? run.output
        : { title: output.title ?? null, summary: output.summary, text: output.text ?? null },
  };
}

function checkRunShape(call: Call, record: RepositoryRecord, run: CheckRunRecord) {
  const url = `${apiUrl(call.forge, record)}/check-runs/${run.id}`;
  return {
    id: run.id,
    head_sha: run.sha,
    node_id: nodeId('CR', run.id),
    external_id: run.externalId,
    url,
    html_url: `${pageUrl(call.forge, record)}/runs/${run.id}`,
    details_url: run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: { ...run.output, annotations_count: 0, annotations_url: `${url}/annotations` },
    name: run.name,
    check_suite: null,
    app: null,
    pull_requests: [],
  };
}
