import type { Cause } from '../core/record.ts';
import type { FixOutcome } from '../core/words.ts';

export interface FixRequest {
  /** The worktree to edit; on the fix's own branch, at the judged commit. */
  readonly folder: string;
  /** The commit that the worktree stands at; full SHA. */
  readonly baseCommit: string;
  readonly cause: Cause;
  /** 1 for this fixer's first attempt at this cause, over all runs. */
  readonly attempt: number;
  /** What is known, as data for a program: redacted, capped, fenced. */
  readonly brief: string;
  readonly timeoutMs: number;
}

export interface FixAnswer {
  readonly outcome: FixOutcome;
  readonly because: string;
  /** A title for the commit and the pull request, in the imperative. */
  readonly title: string;
}

/** Edits a worktree and nothing else: no commit, no push, no network of ours. What counts is the tree afterwards, not what it says. */
export interface Fixer {
  readonly name: string;
  fix(request: FixRequest, signal: AbortSignal): Promise<FixAnswer>;
}
