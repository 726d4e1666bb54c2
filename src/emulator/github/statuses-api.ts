import { z } from 'zod';
import { created, notFound, ok, refuse } from './answer.ts';
import { type Call, inRepository, param, readBody } from './call.ts';
import { resolveCommit } from './git-refs.ts';
import { pagedList } from './paging.ts';
import { type RepositoryRecord, type StatusRecord, takeId } from './records.ts';
import { apiUrl, fullName, repositoryShape } from './repository-shape.ts';
import { nodeId, userShape } from './user-shape.ts';

const newStatus = z.object({
  state: z.enum(['error', 'failure', 'pending', 'success']),
  context: z.string().default('default'),
  description: z.string().max(140).nullish(),
  target_url: z.string().nullish(),
});

export const createStatus = inRepository(async (call, repository) => {
  const body = readBody(call, newStatus);
  if (!body.ok) return body.answer;
  const sha = await resolveCommit(repository.git, param(call, 'sha'));
  if (sha === null) return refuse(422, `No commit found for SHA: ${param(call, 'sha')}`);
  const { state, context, description = null, target_url: targetUrl = null } = body.value;
  const now = call.forge.now();
  const status = await repository.edit((draft) => {
    const added = { id: takeId(draft), sha, state, context, description, targetUrl, createdAt: now };
    draft.statuses.push(added);
    return added;
  });
  const record = repository.record();
  const effect = { name: `${fullName(record)} ${sha}`, detail: `status ${context}: ${state}` };
  return created(statusShape(call, record, status), effect);
});

/** All statuses of a commit, the newest first. */
export const listStatuses = inRepository(async (call, repository) => {
  const sha = await resolveCommit(repository.git, param(call, 'ref'));
  if (sha === null) return notFound();
  const record = repository.record();
  const statuses = record.statuses.filter((status) => status.sha === sha).reverse();
  return pagedList(call, statuses, (status) => statusShape(call, record, status));
});

/** The newest status of each context, and the one word that they amount to. */
export const getCombinedStatus = inRepository(async (call, repository) => {
  const sha = await resolveCommit(repository.git, param(call, 'ref'));
  if (sha === null) return notFound();
  const record = repository.record();
  const latest = new Map<string, StatusRecord>();
  for (const status of record.statuses) if (status.sha === sha) latest.set(status.context, status);
  const statuses = [...latest.values()];
  const api = apiUrl(call.forge, record);
  return ok({
    state: combinedState(statuses),
    statuses: statuses.map((status) => statusShape(call, record, status)),
    sha,
    total_count: statuses.length,
    repository: repositoryShape(call.forge, record),
    commit_url: `${api}/commits/${sha}`,
    url: `${api}/commits/${sha}/status`,
  });
});

function statusShape(call: Call, record: RepositoryRecord, status: StatusRecord) {
  return {
    url: `${apiUrl(call.forge, record)}/statuses/${status.sha}`,
    avatar_url: null,
    id: status.id,
    node_id: nodeId('SC', status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator: userShape(call.forge.origin, call.forge.login),
  };
}

/** GitHub's rule: any failure, else anything pending or nothing at all, else success. */
function combinedState(statuses: readonly StatusRecord[]): 'failure' | 'pending' | 'success' {
  if (statuses.some(({ state }) => state === 'error' || state === 'failure')) return 'failure';
  return statuses.length === 0 || statuses.some(({ state }) => state === 'pending') ? 'pending' : 'success';
}
