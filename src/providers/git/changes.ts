import { fail, type Result, succeed } from '../../core/result.ts';
import { refuseShortNames } from './clone.ts';
import type { Git } from './git.ts';
import { namesOf } from './history.ts';
import { madeForRef, worktreeName } from './worktrees.ts';

/** The index is filled from the worktree's commit first: what an edit did to the index (staged, hidden, committed) does not count. */
export async function changedFiles(git: Git, folder: string, signal: AbortSignal): Promise<Result<readonly string[]>> {
  const worktree = worktreeName(git, folder);
  if (worktree === null) return notOurs(folder);
  const filled = await git.run(['read-tree', madeForRef(worktree)], { worktree }, signal);
  if (!filled.ok) return filled;
  const edited = await git.run(['diff', '--name-only', '-z', '--no-renames', '--no-ext-diff'], { worktree }, signal);
  if (!edited.ok) return edited;
  const added = await git.run(['ls-files', '-z', '--others', '--exclude-standard'], { worktree }, signal);
  if (!added.ok) return added;
  return succeed([...namesOf(edited.value.text), ...namesOf(added.value.text)].sort());
}

/** Leaves the worktree at its last commit, without earlier edits, when the revert does not apply. */
export async function revertCommit(
  git: Git,
  folder: string,
  commit: string,
  signal: AbortSignal,
): Promise<Result<null>> {
  const worktree = worktreeName(git, folder);
  const refused = refuseShortNames(commit) ?? (worktree === null ? notOurs(folder) : null);
  if (refused || worktree === null) return refused ?? notOurs(folder);
  const reverted = await git.run(['revert', '--no-commit', '--end-of-options', commit], { worktree }, signal);
  if (reverted.ok) return succeed(null);
  const unmerged = await git.run(['diff', '--name-only', '-z', '--diff-filter=U'], { worktree }, signal);
  const files = unmerged.ok ? namesOf(unmerged.value.text) : [];
  const cleared = await git.run(['reset', '--quiet', '--hard', 'HEAD', '--'], { worktree }, signal);
  if (!cleared.ok) return cleared;
  if (files.length > 0) return fail('conflict', `later commits changed the same lines of ${files.join(', ')}`);
  if (/is a merge but no -m/.test(reverted.failure.message)) return fail('conflict', `${commit} is a merge`);
  return reverted;
}

/**
 * One commit on the worktree's own commit with everything that is in the worktree now. Commits that an edit made are squashed into it.
 * Made from tree, parent, identity, message and date alone: the same step again gives the same commit.
 */
export async function commitAll(
  git: Git,
  request: { folder: string; message: string; at: string },
  signal: AbortSignal,
): Promise<Result<string>> {
  const worktree = worktreeName(git, request.folder);
  if (worktree === null) return notOurs(request.folder);
  const parent = madeForRef(worktree);
  const tree = await treeOfAll(git, worktree, signal);
  if (!tree.ok) return tree;
  const before = await git.run(['rev-parse', '--verify', `${parent}^{tree}`], { worktree }, signal);
  if (!before.ok) return before;
  if (before.value.text.trim() === tree.value) return fail('not-found', 'the worktree has no changes to commit');
  const date = `@${Math.floor(Date.parse(request.at) / 1000)} +0000`;
  const made = await git.run(
    ['commit-tree', '-p', parent, '-F', '-', tree.value],
    { worktree, input: `${request.message.trimEnd()}\n`, env: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date } },
    signal,
  );
  if (!made.ok) return made;
  const commit = made.value.text.trim();
  const moved = await git.run(['update-ref', 'HEAD', commit], { worktree }, signal);
  return moved.ok ? succeed(commit) : moved;
}

async function treeOfAll(git: Git, worktree: string, signal: AbortSignal): Promise<Result<string>> {
  for (const step of [
    ['read-tree', madeForRef(worktree)],
    ['add', '--all', '.'],
  ]) {
    const done = await git.run(step, { worktree }, signal);
    if (!done.ok) return done;
  }
  const tree = await git.run(['write-tree'], { worktree }, signal);
  return tree.ok ? succeed(tree.value.text.trim()) : tree;
}

function notOurs(folder: string): ReturnType<typeof fail> {
  return fail('usage', `not one of loop's worktrees: ${folder}`);
}
