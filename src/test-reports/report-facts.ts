import type { Counts } from '../core/record.ts';
import type { ReportReading, TestCase } from '../core/test-report.ts';
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

export function reportFacts(
  reading: ReportReading,
  console: string,
  testsMin: number,
  narrowedTo: readonly string[] | null = null,
): ReportFacts {
  const { report } = reading;
  const summary = readConsoleSummary(console);
  const agreement = summary ? compareSummary(summary, report) : null;
  const [failure] = reading.ok ? [] : reading.failures;
  return {
    problem: failure ? `unreadable report (${failure.reason}): ${failure.message}` : null,
    doubts: report.problems.filter((problem) => problem.weight === 'doubt').map((problem) => problem.message),
    summaryProblem: agreement && !agreement.agree ? agreement.message : null,
    counts: countTests(report.tests, testsMin, narrowedTo),
  };
}

/**
 * The floor is selected too: tests that were not even collected are not run, and stay in the denominator. Where the suite was
 * narrowed, what was asked for is selected, and what ran besides, since exit code and summary speak of it too; runners report the
 * others as skipped, or not at all.
 */
export function countTests(
  tests: readonly Pick<TestCase, 'id' | 'outcome'>[],
  testsMin: number,
  narrowedTo: readonly string[] | null,
): Counts {
  const asked = narrowedTo === null ? null : new Set(narrowedTo);
  const counted = asked === null ? tests : tests.filter(({ id, outcome }) => asked.has(id) || outcome !== 'skipped');
  const of = (outcome: TestCase['outcome']) => counted.filter((test) => test.outcome === outcome).length;
  const [passed, failed, errored, skipped] = [of('passed'), of('failed'), of('errored'), of('skipped')];
  const found = asked === null ? counted.length : counted.filter(({ id }) => asked.has(id)).length;
  const notRun = Math.max(0, (asked?.size ?? testsMin) - found);
  const executed = passed + failed + errored;
  return { selected: counted.length + notRun, executed, passed, failed, errored, skipped, notRun };
}
