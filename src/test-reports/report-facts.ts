import type { Counts } from '../core/record.ts';
import type { ReportReading, TestTotals } from '../core/test-report.ts';
import { compareSummary } from './agreement.ts';
import { readConsoleSummary } from './console-summary.ts';

/** What a suite's report says, held against what its console says; a run and its replay both judge by this. */
export interface ReportFacts {
  /** Null when the report could be read. */
  readonly problem: string | null;
  /** What makes its passes no evidence. */
  readonly doubts: readonly string[];
  readonly summaryProblem: string | null;
  readonly counts: Counts;
}

export function reportFacts(reading: ReportReading, console: string, testsMin: number): ReportFacts {
  const { report } = reading;
  const summary = readConsoleSummary(console);
  const agreement = summary ? compareSummary(summary, report) : null;
  const [failure] = reading.ok ? [] : reading.failures;
  return {
    problem: failure ? `unreadable report (${failure.reason}): ${failure.message}` : null,
    doubts: report.problems.filter((problem) => problem.weight === 'doubt').map((problem) => problem.message),
    summaryProblem: agreement && !agreement.agree ? agreement.message : null,
    counts: countTests(report.totals, testsMin),
  };
}

/** The floor is selected too: tests that were not even collected are not run, and stay in the denominator. */
function countTests({ tests, passed, failed, errored, skipped }: TestTotals, testsMin: number): Counts {
  const notRun = Math.max(0, testsMin - tests);
  return { selected: tests + notRun, executed: passed + failed + errored, passed, failed, errored, skipped, notRun };
}
