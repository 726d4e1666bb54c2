/** The one shape that every report format is read into. Durations are milliseconds, lines and columns count from 1. */

export type TestOutcome = 'passed' | 'failed' | 'errored' | 'skipped';

/** One place in a stack; `file` is relative to the folder that the suite ran in, with forward slashes, and never leaves it. */
export interface StackFrame {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  readonly function?: string;
}

export interface TestAttempt {
  readonly outcome: TestOutcome;
  readonly message?: string;
}

export interface TestCase {
  /** Suite path > class > name; ` #2` and so on only where several tests of one report share it. */
  readonly id: string;
  /** The suite path from the outside in, joined by ` > `; empty where the report has none. */
  readonly suite: string;
  readonly className: string | null;
  readonly name: string;
  readonly file?: string;
  readonly line?: number;
  readonly outcome: TestOutcome;
  readonly durationMs: number | null;
  /** What the failure, error or skip says in one go. */
  readonly message?: string;
  /** The runner's own word for the kind of failure, for example `AssertionError` or `testTimeoutFailure`. */
  readonly failureType?: string;
  readonly stack?: string;
  readonly frames: readonly StackFrame[];
  readonly stdout?: string;
  readonly stderr?: string;
  /** All attempts in the order they ran, the deciding one included: never empty, one entry where nothing was retried. */
  readonly attempts: readonly TestAttempt[];
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}

export interface TestTotals {
  readonly tests: number;
  readonly passed: number;
  readonly failed: number;
  readonly errored: number;
  readonly skipped: number;
}

/** What the report says about itself, as far as it says it; never used as a result, only compared with one. */
export interface DeclaredTotals {
  readonly tests?: number;
  readonly failed?: number;
  readonly errored?: number;
  readonly skipped?: number;
}

/**
 * Something about the report that a reader of it must know.
 * `note`: said, and nothing follows from it. `doubt`: failures in the report stand, passes in it are no evidence.
 */
export interface ReportProblem {
  readonly code:
    | 'totals-differ'
    | 'totals-hide-failures'
    | 'totals-hide-tests'
    | 'unreadable-number'
    | 'control-characters'
    | 'damaged-characters'
    | 'encoding-differs'
    | 'leading-space'
    | 'raw-angle-bracket'
    | 'nameless-test'
    | 'suite-failed'
    | 'killed-run'
    | 'collection-failed'
    | 'collect-only'
    | 'runner-failed'
    | 'plan-differs'
    | 'duplicate-key'
    | 'foreign-lines'
    | 'unknown-outcome'
    | 'path-outside'
    | 'repeated-test'
    | 'joined-attempts'
    | 'text-cut'
    | 'more-problems';
  readonly weight: 'note' | 'doubt';
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
}

/** Why a report could not be read to its end. Whatever was read before stays evidence of failures, never of passes. */
export interface ReportFailure {
  readonly reason:
    | 'no-file'
    | 'not-regular'
    | 'outside-folder'
    | 'unreadable'
    | 'changed'
    | 'empty'
    | 'unknown-format'
    | 'conflict-markers'
    | 'doctype'
    | 'encoding'
    | 'two-roots'
    | 'truncated'
    | 'not-well-formed'
    | 'too-large';
  readonly message: string;
  readonly hint: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** The tests of a report in their order. An array is one; that of a large report makes its tests anew whenever it is asked. */
export interface TestList extends Iterable<TestCase> {
  readonly length: number;
  at(index: number): TestCase | undefined;
  map<T>(change: (test: TestCase, index: number) => T): T[];
  flatMap<T>(change: (test: TestCase, index: number) => readonly T[]): T[];
  filter(isWanted: (test: TestCase) => boolean): TestCase[];
}

export interface TestReport {
  /** The format's name, for example `junit`; several files of several formats are joined by `+`. */
  readonly format: string;
  readonly tests: TestList;
  /** Counted from `tests`, nothing else. */
  readonly totals: TestTotals;
  readonly declared: DeclaredTotals | null;
  /** The runner's closing summary where the report carries it (node writes it as comments): equal to its console summary. */
  readonly runnerSummary: TestTotals | null;
  /** Tests that the runner says it collected and did not begin, since it was told to stop at so many failures. */
  readonly notRun?: number;
  readonly problems: readonly ReportProblem[];
}

export type ReportReading =
  | { readonly ok: true; readonly report: TestReport }
  /** `report` holds what was read until then. */
  | { readonly ok: false; readonly failures: readonly ReportFailure[]; readonly report: TestReport };

const attemptsShown = 50;

/** `FFP`: the attempts of a test, the first one first; what did not pass is `F`. */
export function attemptVector({ attempts }: Pick<TestCase, 'attempts'>): string {
  return attempts
    .slice(0, attemptsShown)
    .map(({ outcome }) => (outcome === 'passed' ? 'P' : 'F'))
    .join('');
}

export function addTotals(left: TestTotals, right: TestTotals): TestTotals {
  return {
    tests: left.tests + right.tests,
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    errored: left.errored + right.errored,
    skipped: left.skipped + right.skipped,
  };
}

/** A figure that only one side has stays as it is. */
export function addDeclared(left: DeclaredTotals, right: DeclaredTotals): DeclaredTotals {
  const sum: { -readonly [field in keyof DeclaredTotals]: number } = {};
  for (const field of ['tests', 'failed', 'errored', 'skipped'] as const) {
    if (left[field] !== undefined || right[field] !== undefined) sum[field] = (left[field] ?? 0) + (right[field] ?? 0);
  }
  return sum;
}
