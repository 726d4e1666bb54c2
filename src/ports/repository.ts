import type { Result } from '../core/result.ts';

export interface CommitFacts {
  readonly sha: string;
  readonly title: string;
  readonly at: string;
  readonly files: readonly string[];
}

export interface DiffLine {
  readonly path: string;
  /** Line number on the new side for an added line, on the old side for a removed one. */
  readonly line: number;
  readonly kind: '+' | '-';
  readonly text: string;
}

/**
 * loop's own clone of the repository. The engineer's working tree is never touched.
 * Commits are full SHAs, `<sha>^` a commit's first parent. Failures: `not-found` (no such ref), `permission`, `conflict` (does not apply, ref moved), `unavailable`.
 */
export interface Repository {
  /** Brings the clone up to date and tells the tip of `ref` (default: the base branch). */
  fetch(ref: string | null, signal: AbortSignal): Promise<Result<string>>;
  /** Commits in `to` that are not in `from`, newest first; merges left out. */
  commitsBetween(from: string, to: string, signal: AbortSignal): Promise<Result<readonly CommitFacts[]>>;
  /** How far apart two commits are, merges counted: what `to` has and `from` has not (`behind`), and the other way round (`ahead`). */
  distance(from: string, to: string, signal: AbortSignal): Promise<Result<{ behind: number; ahead: number }>>;
  /** The full name of a commit that is given short, seven digits at least; `not-found` where none or several begin so. */
  fullName(commit: string, signal: AbortSignal): Promise<Result<string>>;
  /** Every path whose content differs between two commits, on either side, sorted. Renamed is gone and added. */
  pathsBetween(from: string, to: string, signal: AbortSignal): Promise<Result<readonly string[]>>;
  changedLines(commit: string, signal: AbortSignal): Promise<Result<readonly DiffLine[]>>;
  /** One commit with its message and unified diff, at most `bytesMax`. */
  patch(commit: string, bytesMax: number, signal: AbortSignal): Promise<Result<string>>;
  /** Unified diff, at most `bytesMax`. */
  diff(from: string, to: string, bytesMax: number, signal: AbortSignal): Promise<Result<string>>;
  contains(commit: string, ancestor: string, signal: AbortSignal): Promise<Result<boolean>>;
  /** Equal patch-ids mean the same change, whatever the commit. */
  patchId(commit: string, signal: AbortSignal): Promise<Result<string>>;
  /** A worktree at a commit, made or reused under `name`; on a new branch when `branch` is given. */
  worktree(
    request: { name: string; commit: string; branch: string | null },
    signal: AbortSignal,
  ): Promise<Result<string>>;
  removeWorktree(name: string, signal: AbortSignal): Promise<Result<null>>;
  /** `git revert` in the worktree without a commit; `conflict` when it does not apply. */
  revert(folder: string, commit: string, signal: AbortSignal): Promise<Result<null>>;
  /** What differs from the worktree's commit, untracked files included. */
  changedFiles(folder: string, signal: AbortSignal): Promise<Result<readonly string[]>>;
  /** Commits all changes of the worktree; the same content and message give the same SHA. */
  commit(request: { folder: string; message: string; at: string }, signal: AbortSignal): Promise<Result<string>>;
  /** Where the branch is at the other end; null when it is not there. */
  remoteBranch(branch: string, signal: AbortSignal): Promise<Result<string | null>>;
  /** Never the base branch; fast-forward or new only. The look-up is `remoteBranch`. */
  push(request: { key: string; branch: string; commit: string }, signal: AbortSignal): Promise<Result<null>>;
  /** Extracts `path` of `commit` into a folder that exists. */
  archive(request: { commit: string; path: string; folder: string }, signal: AbortSignal): Promise<Result<null>>;
}
