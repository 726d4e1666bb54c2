import { z } from 'zod';
import { created, noContent, notFound, ok, refuse } from './answer.ts';
import { type Call, inRepository, param, readBody } from './call.ts';
import { commitShape } from './commit-shape.ts';
import { isAncestor, readCommit } from './git-commits.ts';
import { isRefName, listRefs, moveRef, type RefFacts, readRef, resolveCommit } from './git-refs.ts';
import { pagedList } from './paging.ts';
import type { RepositoryRecord } from './records.ts';
import type { Repository } from './repository.ts';
import { apiUrl, fullName, pageUrl } from './repository-shape.ts';
import { nodeId } from './user-shape.ts';

export const getRef = inRepository(async (call, repository) => {
  const found = await readRef(repository.git, `refs/${param(call, 'ref')}`);
  return found === null ? notFound() : ok(refShape(call, repository.record(), found));
});

/** All refs whose name begins with the given text, branches and tags alike. */
export const listMatchingRefs = inRepository(async (call, repository) => {
  const start = `refs/${call.params.ref ?? ''}`;
  const refs = await listRefs(repository.git, 'refs/');
  const matching = refs.filter(({ ref }) => ref.startsWith(start));
  return pagedList(call, matching, (found) => refShape(call, repository.record(), found));
});

const newRef = z.object({ ref: z.string(), sha: z.string() });

export const createRef = inRepository(async (call, repository) => {
  const body = readBody(call, newRef);
  if (!body.ok) return body.answer;
  const { ref, sha } = body.value;
  if (!isRefName(ref)) return refuse(422, `${ref} is not a valid ref name.`);
  if (!isChangeable(ref)) return refuse(422, 'Reference name must start with refs/heads/ or refs/tags/.');
  const target = await fullCommit(repository, sha);
  if (target === null) return refuse(422, 'Object does not exist');
  if ((await readRef(repository.git, ref)) !== null) return refuse(422, 'Reference already exists');
  if (!(await moveRef(repository.git, ref, null, target))) return refuse(422, 'Reference cannot be created');
  const record = repository.record();
  const effect = { name: `${fullName(record)} ${ref}`, detail: `created at ${target}` };
  return created(refShape(call, record, { ref, sha: target, type: 'commit' }), effect);
});

const movedRef = z.object({ sha: z.string(), force: z.boolean().default(false) });

export const updateRef = inRepository(async (call, repository) => {
  const body = readBody(call, movedRef);
  if (!body.ok) return body.answer;
  const ref = `refs/${param(call, 'ref')}`;
  const found = await readRef(repository.git, ref);
  if (found === null || !isChangeable(ref)) return refuse(422, 'Reference does not exist');
  const target = await fullCommit(repository, body.value.sha);
  if (target === null) return refuse(422, 'Object does not exist');
  if (!body.value.force && !(await isAncestor(repository.git, found.sha, target))) {
    return refuse(422, 'Update is not a fast forward');
  }
  if (!(await moveRef(repository.git, ref, found.sha, target))) return refuse(409, 'Reference was moved meanwhile');
  const record = repository.record();
  const effect = { name: `${fullName(record)} ${ref}`, detail: `${found.sha} to ${target}` };
  return ok(refShape(call, record, { ref, sha: target, type: 'commit' }), effect);
});

export const deleteRef = inRepository(async (call, repository) => {
  const ref = `refs/${param(call, 'ref')}`;
  const found = await readRef(repository.git, ref);
  if (found === null || !isChangeable(ref)) return refuse(422, 'Reference does not exist');
  const record = repository.record();
  if (ref === `refs/heads/${record.defaultBranch}`) return refuse(422, 'Cannot delete the default branch');
  if (!(await moveRef(repository.git, ref, found.sha, null))) return refuse(409, 'Reference was moved meanwhile');
  return noContent({ name: `${fullName(record)} ${ref}`, detail: `deleted at ${found.sha}` });
});

export const listBranches = inRepository(async (call, repository) => {
  const record = repository.record();
  return pagedList(call, await listRefs(repository.git, 'refs/heads/'), ({ ref, sha }) => ({
    name: ref.slice('refs/heads/'.length),
    commit: { sha, url: `${apiUrl(call.forge, record)}/commits/${sha}` },
    protected: false,
  }));
});

export const getBranch = inRepository(async (call, repository) => {
  const name = param(call, 'branch');
  const found = await readRef(repository.git, `refs/heads/${name}`);
  if (found === null) return notFound('Branch not found');
  const record = repository.record();
  const self = `${apiUrl(call.forge, record)}/branches/${encodeURIComponent(name)}`;
  return ok({
    name,
    commit: commitShape(call.forge, record, await readCommit(repository.git, found.sha)),
    _links: { self, html: `${pageUrl(call.forge, record)}/tree/${name}` },
    protected: false,
    protection: { enabled: false, required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] } },
    protection_url: `${self}/protection`,
  });
});

function refShape(call: Call, record: RepositoryRecord, { ref, sha, type }: RefFacts) {
  const api = apiUrl(call.forge, record);
  return {
    ref,
    node_id: nodeId('REF', `${record.id}:${ref}`),
    url: `${api}/git/${ref}`,
    object: { sha, type, url: `${api}/git/${type}s/${sha}` },
  };
}

/** Only branches and tags may be changed by callers; `refs/pull` belongs to the forge. */
function isChangeable(ref: string): boolean {
  return /^refs\/(heads|tags)\/./.test(ref);
}

/** GitHub takes only whole hashes where a ref is to point. */
async function fullCommit(repository: Repository, sha: string): Promise<string | null> {
  return /^[0-9a-f]{40}$/.test(sha) ? resolveCommit(repository.git, sha) : null;
}
