import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type Result, succeed } from '../../core/result.ts';
import type { Git } from './git.ts';
import type { GitSettings } from './settings.ts';

const FULL_SHA = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** Makes the bare clone; one that is there, whole or half made, stays or becomes whole. */
export async function openClone(git: Git, settings: GitSettings, signal: AbortSignal): Promise<Result<null>> {
  await mkdir(git.clone, { recursive: true });
  await mkdir(git.worktrees, { recursive: true });
  const made = await git.run(['init', '--quiet', '--bare', '--initial-branch=loop-has-no-branch'], {}, signal);
  if (!made.ok) return made;
  await mkdir(join(git.clone, 'info'), { recursive: true });
  await writeFile(join(git.clone, 'info', 'exclude'), settings.link === null ? '' : `/${settings.link.name}\n`);
  return succeed(null);
}

/** All branches and tags of the remote, those that are gone removed; the commit that `ref` (default: base) stands for. */
export async function fetchRef(
  git: Git,
  settings: GitSettings,
  ref: string | null,
  signal: AbortSignal,
): Promise<Result<string>> {
  const fetched = await fetchAll(git, settings, signal);
  if (!fetched.ok) return fetched;
  const branches = await git.run(['for-each-ref', '--format=%(refname:lstrip=3)', 'refs/remotes/origin'], {}, signal);
  if (!branches.ok) return branches;
  const names = branches.value.text.split('\n').filter(Boolean);
  if (names.length === 0) {
    return fail('not-found', 'the repository has no commits', `push a first commit to ${settings.base}`);
  }
  const wanted = ref ?? settings.base;
  const commit = (await resolveRef(git, wanted, signal)) ?? (await fetchOne(git, settings, wanted, signal));
  if (commit !== null) return succeed(commit);
  const what = ref === null ? `no branch ${wanted}` : `no branch, tag or commit ${JSON.stringify(wanted)}`;
  return fail('not-found', `the repository has ${what}`, `name one that it has: ${names.slice(0, 10).join(', ')}`);
}

async function fetchAll(git: Git, settings: GitSettings, signal: AbortSignal): Promise<Result<unknown>> {
  const refs = ['+refs/heads/*:refs/remotes/origin/*', '+refs/tags/*:refs/tags/*'];
  const options = ['--quiet', '--force', '--prune', '--no-tags', '--no-write-fetch-head', '--end-of-options'];
  return git.run(['fetch', ...options, settings.remoteUrl, ...refs], { remote: true }, signal);
}

async function resolveRef(git: Git, ref: string, signal: AbortSignal): Promise<string | null> {
  const branch = ref.replace(/^refs\/heads\//, '');
  const readings = [`refs/remotes/origin/${branch}`, `refs/tags/${ref}`, `refs/remotes/${ref}`];
  if (/^[0-9a-f]{7,64}$/.test(ref)) readings.push(ref);
  for (const reading of readings) {
    const commit = await commitOf(git, reading, signal);
    if (commit !== null) return commit;
  }
  return null;
}

async function commitOf(git: Git, reading: string, signal: AbortSignal): Promise<string | null> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${reading}^{commit}`];
  const answer = await git.run(args, {}, signal);
  return answer.ok ? answer.value.text.trim() : null;
}

export async function fullNameOf(git: Git, commit: string, signal: AbortSignal): Promise<Result<string>> {
  const full = /^[0-9a-f]{7,64}$/.test(commit) ? await commitOf(git, commit, signal) : null;
  return full === null
    ? fail('not-found', `the repository has no one commit ${JSON.stringify(commit)}`)
    : succeed(full);
}

/** Commits that no branch holds any more, and refs such as `refs/pull/7/head`, come only when they are asked for by name. */
async function fetchOne(git: Git, settings: GitSettings, ref: string, signal: AbortSignal): Promise<string | null> {
  if (!FULL_SHA.test(ref) && !/^refs\/[\w./-]+$/.test(ref)) return null;
  const here = `refs/loop/fetched/${ref}`;
  const options = ['--quiet', '--no-tags', '--no-write-fetch-head', '--end-of-options'];
  const fetched = await git.run(['fetch', ...options, settings.remoteUrl, `+${ref}:${here}`], { remote: true }, signal);
  return fetched.ok ? commitOf(git, here, signal) : null;
}

/** Null when these are full commit names, or `<name>^` for a first parent; a failure value otherwise, so that nothing else gets into an argv. */
export function refuseShortNames(...commits: readonly string[]): ReturnType<typeof fail> | null {
  const bad = commits.find((commit) => !FULL_SHA.test(commit.replace(/\^$/, '')));
  return bad === undefined ? null : fail('not-found', `not a full commit name: ${JSON.stringify(bad)}`);
}
