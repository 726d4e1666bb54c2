import type { SuitePast } from '../core/suite-order.ts';
import type { Verdict } from '../core/words.ts';

/** How one test ended: passed, failed, errored, skipped. */
export type HistoryOutcome = 'P' | 'F' | 'E' | 'S';

export interface HistoryTest {
  readonly test: string;
  readonly outcome: HistoryOutcome;
  readonly durationMs: number | null;
}

/** One suite as one cycle of one run judged it, by evidence that holds. */
export interface HistorySuite {
  readonly suite: string;
  /** SHA-256 of the selection that it was part of. */
  readonly selection: string;
  readonly run: string;
  readonly cycle: number;
  readonly revision: string | null;
  readonly commit: string | null;
  readonly verdict: Extract<Verdict, 'GO' | 'NO-GO'>;
  /** When it was recorded, UTC. */
  readonly at: string;
  readonly tests: readonly HistoryTest[];
  /** Only some of its tests were to run. */
  readonly narrowed: boolean;
  /** By rule of evidence that only warns: whether it held. Those that had nothing to look at are left out. */
  readonly rules: Readonly<Record<string, boolean>>;
}

/** One result of one test, with the run that it is from. */
export interface HistoryResult {
  readonly suite: string;
  readonly test: string;
  readonly outcome: HistoryOutcome;
  readonly durationMs: number | null;
  readonly run: string;
  readonly revision: string | null;
  readonly at: string;
}

/** A piece of a split suite: a file, or whatever its `items:` name. */
interface SuitePiece {
  readonly item: string;
  readonly durationMs: number;
}

/** What single tests did over the runs of one environment. BLOCKED and INVALID suites never enter it. */
export interface History {
  /** Stores a suite's results; the same run, cycle and suite is stored once. */
  remember(suite: HistorySuite): Promise<void>;
  /** The newest earlier row of this suite with this selection; null when there is none. */
  baseline(suite: string, selection: string): Promise<HistorySuite | null>;
  /** The newest earlier run in which the whole suite was GO, whatever else was selected, and how many tests it had. */
  lastGood(suite: string): Promise<{ run: string; tests: number } | null>;
  /** How a suite did when it was last judged, whatever the selection; null when it never was. */
  latest(suite: string): Promise<SuitePast | null>;
  /** Ids of tests that a suite's newest `suiteRuns` results hold, at most `limit`, by name. */
  knownTests(suite: string, suiteRuns: number, limit: number): Promise<readonly string[]>;
  /** Whether any earlier run saw the test pass. */
  everPassed(suite: string, test: string): Promise<boolean>;
  /** One letter a result, the newest last, at most `limit`: `PPFP`. Empty where the test is not known. */
  outcomes(suite: string, test: string, limit: number): Promise<string>;
  /** What rules that only warn found in earlier runs of a suite, cycle by cycle, newest first. */
  rules(suite: string, limit: number): Promise<readonly Pick<HistorySuite, 'run' | 'rules'>[]>;
  /** How long each piece of a split suite took when it last came to its end; only an order hangs on it, so that any run may tell. */
  pieces(suite: string): Promise<readonly SuitePiece[]>;
  rememberPieces(suite: string, pieces: readonly SuitePiece[], at: string): Promise<void>;
  /** Newest first, at most `limit` a test; `test` is a part of its name, and null stands for every one. */
  results(asked: { suite: string | null; test: string | null; limit: number }): Promise<readonly HistoryResult[]>;
}
