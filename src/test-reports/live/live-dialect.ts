import type { TestOutcome } from '../../core/test-report.ts';

/** A test as a stream names it. */
export interface LiveTest {
  readonly suite: readonly string[];
  readonly className?: string;
  readonly name: string;
  /** Its way through the tree of tests, where that is not `[...suite, name]`. */
  readonly levels?: readonly string[];
}

export type LiveEvent =
  | { readonly is: 'began'; readonly test: LiveTest }
  /** It waits for others: its time does not count. */
  | { readonly is: 'paused'; readonly test: LiveTest }
  | { readonly is: 'ended'; readonly test: LiveTest; readonly outcome: TestOutcome }
  /** The runner's closing lines: no test runs any more. */
  | { readonly is: 'over' };

export interface LiveLines {
  take(line: string): readonly LiveEvent[];
  /** A line that is not ended yet: pytest names a test before it runs, and its outcome after it. */
  partial?(text: string): readonly LiveEvent[];
}

/** How one runner tells of its tests while it runs. Lines come whole, without colours and line ends. */
export interface LiveDialect {
  readonly name: string;
  /** Whether it tells when every test begins: then silence between two tests is no test that hangs. */
  readonly begins: boolean;
  /** Whether a test with subtests is a test too. */
  readonly parentsCount?: boolean;
  knows(line: string): boolean;
  /** `junit`: the report will be JUnit's XML, so that tests are named as that names them. */
  open(options: { readonly junit: boolean }): LiveLines;
}

export const nothing: readonly LiveEvent[] = Object.freeze([]);
