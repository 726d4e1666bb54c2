import type { Cause, RunState } from '../core/record.ts';
import type { FixOutcome, Verdict } from '../core/words.ts';
import type { History } from './history.ts';

/** What outlives a run: good and bad revisions, fix attempts, earlier runs. All of it is about one environment. */
export interface Memory {
  /** The last revision of the service with a recorded GO; null when there is none. */
  goodRevision(service: string): Promise<{ revision: string; commit: string | null; run: string; at: string } | null>;
  rememberGood(row: {
    service: string;
    revision: string;
    commit: string | null;
    run: string;
    at: string;
  }): Promise<void>;
  /** Why a revision was found bad; null when it was not. */
  badRevision(service: string, revision: string): Promise<string | null>;
  rememberBad(row: { service: string; revision: string; run: string; at: string; because: string }): Promise<void>;
  /** The revision that loop pinned by name on a service that was served as LATEST; null when it did not. */
  pinnedFromLatest(service: string): Promise<string | null>;
  rememberPinned(row: { service: string; revision: string; run: string; at: string }): Promise<void>;
  forgetPinned(service: string): Promise<void>;
  /** How a run of this environment stands; null when this store does not know it. */
  runState(run: string): Promise<RunState | null>;
  fixAttempts(fingerprint: string): Promise<readonly FixAttempt[]>;
  /** The same attempt of the same cause is stored once. */
  rememberFix(attempt: FixAttempt): Promise<void>;
  /** A cause outlives runs: what was red, so that a later run can say whether it passes again. */
  cause(fingerprint: string): Promise<Cause | null>;
  rememberCause(cause: Cause): Promise<void>;
  /** What single tests did in earlier runs. */
  readonly history: History;
  /** Newest first, without the run that asks. */
  lastRuns(pipeline: string, limit: number): Promise<readonly EarlierRun[]>;
}

interface FixAttempt {
  readonly fingerprint: string;
  readonly n: number;
  readonly run: string;
  readonly outcome: FixOutcome;
  readonly held: boolean;
  readonly commit: string | null;
  readonly because: string;
}

interface EarlierRun {
  readonly run: string;
  readonly verdict: Verdict | null;
  readonly endedAt: string | null;
}
