import type { Result } from '../core/result.ts';

export interface IssueFacts {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  readonly url: string;
  readonly labels: readonly string[];
  /** The key of loop's own marker in the body, when the body was written by loop's own account. */
  readonly key: string | null;
}

export interface PullFacts {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly url: string;
  readonly branch: string;
  readonly headCommit: string;
  readonly mergeCommit: string | null;
  readonly createdAt: string;
  readonly key: string | null;
}

/**
 * Issues and pull requests. GitHub has no idempotency key, so each creation looks its key up by list first (search lags behind);
 * the key travels in a hidden marker that only counts when loop's own account wrote it. Failures: `permission`, `quota`, `conflict`, `unavailable`.
 */
export interface Forge {
  /** Issues that carry loop's marker, open and closed, newest first. */
  issues(signal: AbortSignal): Promise<Result<readonly IssueFacts[]>>;
  /** Pull requests that carry loop's marker, any state, newest first. */
  pulls(signal: AbortSignal): Promise<Result<readonly PullFacts[]>>;
  openIssue(
    request: { key: string; title: string; body: string; labels: readonly string[] },
    signal: AbortSignal,
  ): Promise<Result<IssueFacts>>;
  editIssue(request: { key: string; number: number; body: string }, signal: AbortSignal): Promise<Result<IssueFacts>>;
  /** One comment for each key: made once, edited afterwards. */
  comment(
    request: { key: string; number: number; body: string },
    signal: AbortSignal,
  ): Promise<Result<{ action: 'created' | 'edited' | 'none'; url: string }>>;
  setIssueState(
    request: { key: string; number: number; state: 'open' | 'closed' },
    signal: AbortSignal,
  ): Promise<Result<IssueFacts>>;
  openPull(
    request: { key: string; title: string; body: string; branch: string; base: string; labels: readonly string[] },
    signal: AbortSignal,
  ): Promise<Result<PullFacts>>;
  editPull(request: { key: string; number: number; body: string }, signal: AbortSignal): Promise<Result<PullFacts>>;
}
