import type { DeclaredTotals, ReportFailure, ReportProblem, TestCase, TestTotals } from '../core/test-report.ts';
import type { ReportLimits } from './limits.ts';
import type { PassedTest } from './test-store.ts';

/** One report format: a folder beside this file and one line in `index.ts`. */
export interface ReportFormat {
  readonly name: string;
  /** Whether a file that begins like this (up to 16 KiB, any encoding) is of this format. Content only, never the file's name. */
  detect(head: Uint8Array): boolean;
  /**
   * Reads to the end and hands every test to `emit` as soon as it is complete, in memory that does not grow with the file.
   * Ids are not yet made distinct. An unreadable report is a value, with all tests before that point already emitted;
   * an aborted signal and an error of `source` itself are thrown.
   */
  read(source: AsyncIterable<Uint8Array>, emit: (test: TestCase) => void, options: ReadOptions): Promise<ReportResult>;
}

export interface ReadOptions {
  /** The absolute folder that the suite ran in: file names of tests and frames become relative to it. */
  readonly root: string;
  readonly limits?: Partial<ReportLimits>;
  readonly signal?: AbortSignal;
  /** Takes those tests of which nothing is told but that they passed, if the format knows them; without it all go to `emit`. */
  readonly emitPassed?: (test: PassedTest) => void;
  /** `same-name`: a test that follows a red one of its name is its next attempt; files are read in the order of their times. */
  readonly retries?: 'same-name' | undefined;
}

export interface ReadFacts {
  readonly totals: TestTotals;
  readonly declared: DeclaredTotals | null;
  readonly runnerSummary: TestTotals | null;
  readonly notRun?: number;
  readonly problems: readonly ReportProblem[];
}

export type ReportResult = ReadFacts &
  ({ readonly ok: true } | { readonly ok: false; readonly failure: ReportFailure });
