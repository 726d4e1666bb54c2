import { mkdir, realpath } from 'node:fs/promises';
import { fail, type Result, succeed } from '../../core/result.ts';
import type { Repository } from '../../ports/repository.ts';
import { extractFolder } from './archive.ts';
import { changedFiles, commitAll, revertCommit } from './changes.ts';
import { fetchRef, fullNameOf, openClone } from './clone.ts';
import { type Git, gitIn } from './git.ts';
import {
  changedLines,
  commitPatch,
  commitsBetween,
  containsCommit,
  diffBetween,
  distanceBetween,
  patchIdOf,
  pathsBetween,
} from './history.ts';
import { pushBranch, remoteBranch } from './publishing.ts';
import type { GitSettings } from './settings.ts';
import { dropWorktree, openWorktree } from './worktrees.ts';

/** The repository through git in loop's own bare clone, which is made at the first call. */
export function gitRepository(settings: GitSettings): Repository {
  const open = opener(settings);
  /** Opens the clone, then does the work in it. */
  async function within<T>(signal: AbortSignal, work: (git: Git) => Promise<Result<T>>): Promise<Result<T>> {
    try {
      const git = await open(signal);
      return git.ok ? await work(git.value) : git;
    } catch (error) {
      return diskFailure(error);
    }
  }
  return {
    fetch: (ref, signal) => within(signal, (git) => fetchRef(git, settings, ref, signal)),
    commitsBetween: (from, to, signal) => within(signal, (git) => commitsBetween(git, from, to, signal)),
    distance: (from, to, signal) => within(signal, (git) => distanceBetween(git, from, to, signal)),
    fullName: (commit, signal) => within(signal, (git) => fullNameOf(git, commit, signal)),
    pathsBetween: (from, to, signal) => within(signal, (git) => pathsBetween(git, from, to, signal)),
    changedLines: (commit, signal) => within(signal, (git) => changedLines(git, commit, signal)),
    patch: (commit, bytesMax, signal) => within(signal, (git) => commitPatch(git, commit, bytesMax, signal)),
    diff: (from, to, bytesMax, signal) => within(signal, (git) => diffBetween(git, from, to, bytesMax, signal)),
    contains: (commit, ancestor, signal) => within(signal, (git) => containsCommit(git, commit, ancestor, signal)),
    patchId: (commit, signal) => within(signal, (git) => patchIdOf(git, commit, signal)),
    worktree: (request, signal) => within(signal, (git) => openWorktree(git, settings, request, signal)),
    removeWorktree: (name, signal) => within(signal, (git) => dropWorktree(git, name, signal)),
    revert: (folder, commit, signal) => within(signal, (git) => revertCommit(git, folder, commit, signal)),
    changedFiles: (folder, signal) => within(signal, (git) => changedFiles(git, folder, signal)),
    commit: (request, signal) => within(signal, (git) => commitAll(git, request, signal)),
    remoteBranch: (branch, signal) => within(signal, (git) => remoteBranch(git, settings, branch, signal)),
    push: (request, signal) => within(signal, (git) => pushBranch(git, settings, request, signal)),
    archive: (request, signal) => within(signal, (git) => extractFolder(git, request, signal)),
  };
}

/** The clone is opened once; a failure is tried again by the next call. */
function opener(settings: GitSettings): (signal: AbortSignal) => Promise<Result<Git>> {
  let opened: Git | null = null;
  return async (signal) => {
    if (opened !== null) return succeed(opened);
    await mkdir(settings.folder, { recursive: true });
    const git = gitIn(settings, await realpath(settings.folder));
    const clone = await openClone(git, settings, signal);
    if (!clone.ok) return clone;
    opened = git;
    return succeed(git);
  };
}

/** What the disk refuses is no bug; everything else that is thrown is. */
function diskFailure(error: unknown): ReturnType<typeof fail> {
  if (error instanceof Error && 'syscall' in error) {
    return fail('unavailable', `the disk refused: ${error.message}`, 'check free space and permissions of the folder');
  }
  throw error;
}
