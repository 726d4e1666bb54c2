import { lstat, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fail, type Result, succeed } from '../../core/result.ts';
import { refuseShortNames } from './clone.ts';
import type { Git } from './git.ts';
import type { GitSettings } from './settings.ts';

export interface WorktreeRequest {
  readonly name: string;
  readonly commit: string;
  readonly branch: string | null;
}

/** The commit that a worktree was made for, whatever was committed in it since. */
export function madeForRef(name: string): string {
  return `refs/loop/worktrees/${name}`;
}

/** The name of a worktree by its folder; null for a folder that is none of ours. */
export function worktreeName(git: Git, folder: string): string | null {
  return dirname(resolve(folder)) === git.worktrees ? basename(folder) : null;
}

/** A clean worktree at the commit: one that is there is reset, one that a crash left half made is made anew. */
export async function openWorktree(
  git: Git,
  settings: GitSettings,
  request: WorktreeRequest,
  signal: AbortSignal,
): Promise<Result<string>> {
  const { name, commit, branch } = request;
  const refused = refuseShortNames(commit) ?? refuseName(name);
  if (refused) return refused;
  const folder = join(git.worktrees, name);
  if (!(await isWhole(git, name))) {
    const cleared = await dropWorktree(git, name, signal);
    if (!cleared.ok) return cleared;
    const args = ['worktree', 'add', '--quiet', '--force', '--detach', '--end-of-options', folder, commit];
    const added = await git.run(args, {}, signal);
    if (!added.ok) return added;
  }
  const made = await settle(git, settings, name, commit, branch, signal);
  if (!made.ok) return made;
  if (settings.link !== null) await link(git, settings.link, name, signal);
  return succeed(folder);
}

/** Gone already is success. A branch stays: it belongs to the repository, not to the worktree. */
export async function dropWorktree(git: Git, name: string, signal: AbortSignal): Promise<Result<null>> {
  const refused = refuseName(name);
  if (refused) return refused;
  await rm(join(git.worktrees, name), { recursive: true, force: true });
  await rm(join(git.clone, 'worktrees', name), { recursive: true, force: true });
  const forgotten = await git.run(['update-ref', '-d', madeForRef(name)], {}, signal);
  return forgotten.ok ? succeed(null) : forgotten;
}

function refuseName(name: string): ReturnType<typeof fail> | null {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) return null;
  return fail('usage', `not a name for a worktree: ${JSON.stringify(name)}`);
}

/** Both halves are there, point at each other, and git finished making them. */
async function isWhole(git: Git, name: string): Promise<boolean> {
  const folder = join(git.worktrees, name);
  const half = join(git.clone, 'worktrees', name);
  const [there, back, head, locked] = await Promise.all(
    [join(folder, '.git'), join(half, 'gitdir'), join(half, 'HEAD'), join(half, 'locked')].map((file) =>
      readFile(file, 'utf8').catch(() => null),
    ),
  );
  const paired = there?.trim() === `gitdir: ${half}` && back?.trim() === join(folder, '.git');
  return paired && Boolean(head) && locked === null;
}

async function settle(
  git: Git,
  settings: GitSettings,
  name: string,
  commit: string,
  branch: string | null,
  signal: AbortSignal,
): Promise<Result<null>> {
  const target = branch === null ? ['--detach'] : ['--ignore-other-worktrees', '-B', branch];
  const steps = [
    ['checkout', '--quiet', '--force', ...target, commit, '--'],
    ['reset', '--quiet', '--hard', commit, '--'],
    ['clean', '-ffdxq', ...(settings.link === null ? [] : ['-e', `/${settings.link.name}`])],
    ['update-ref', madeForRef(name), commit],
  ];
  if (branch !== null) steps.unshift(['check-ref-format', `refs/heads/${branch}`]);
  for (const step of steps) {
    const done = await git.run(step, { worktree: name }, signal);
    if (!done.ok) return done;
  }
  return succeed(null);
}

/** What the commit itself tracks under that name is left alone. */
async function link(
  git: Git,
  { name, target }: NonNullable<GitSettings['link']>,
  worktree: string,
  signal: AbortSignal,
): Promise<void> {
  const tracked = await git.run(['ls-files', '-z', '--', name], { worktree }, signal);
  if (!tracked.ok || tracked.value.text !== '') return;
  const at = join(git.worktrees, worktree, name);
  const wanted = resolve(target);
  const present = await lstat(at).catch(() => null);
  if (present?.isSymbolicLink() && (await readlink(at)) === wanted) return;
  await rm(at, { recursive: true, force: true });
  await symlink(wanted, at);
}
