import { basename } from 'node:path';
import type { Counts } from '../core/record.ts';
import type { ReportFailure, ReportReading, TestCase, TestReport } from '../core/test-report.ts';
import { compareSummary } from './agreement.ts';
import { readConsoleSummary } from './console-summary.ts';
import { ownSummaryProblem } from './own-summary.ts';

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
  testsFloor: number,
  narrowedTo: readonly string[] | null = null,
): ReportFacts {
  const { report } = reading;
  const summary = readConsoleSummary(console);
  const agreement = summary ? compareSummary(summary, report) : null;
  return {
    problem: reading.ok ? null : problemOf(reading.failures),
    doubts: report.problems.filter((problem) => problem.weight === 'doubt').map((problem) => problem.message),
    summaryProblem: agreement && !agreement.agree ? agreement.message : ownSummaryProblem(console, report.totals),
    counts: countTests(report, testsFloor, narrowedTo),
  };
}

/** A file that changed explains what else is wrong with it. Its folder is gone after the attempt: the name is enough. */
function problemOf(failures: readonly ReportFailure[]): string | null {
  const failure = failures.find(({ reason }) => reason === 'changed') ?? failures[0];
  if (failure === undefined) return null;
  const { reason, message, line } = failure;
  const file = failure.file === undefined ? '' : basename(failure.file);
  const place = file === '' || message.includes(file) ? '' : ` in ${file}${line === undefined ? '' : `:${line}`}`;
  const files = new Set(failures.map((one) => one.file)).size;
  return `unreadable report (${reason}): ${message}${place}${files > 1 ? `, and ${files - 1} more files` : ''}`;
}

/**
 * The floor is selected too: tests that were not even collected, or not begun, are not run, and stay in the denominator. Where the
 * suite was narrowed, what was asked for is selected, and what ran besides, since exit code and summary speak of it too; runners
 * report the others as skipped, or not at all.
 */
export function countTests(
  { tests, notRun: left = 0 }: Pick<TestReport, 'notRun'> & { tests: readonly Pick<TestCase, 'id' | 'outcome'>[] },
  testsFloor: number,
  narrowedTo: readonly string[] | null,
): Counts {
  const asked = narrowedTo === null ? null : new Set(narrowedTo);
  const counted = asked === null ? tests : tests.filter(({ id, outcome }) => asked.has(id) || outcome !== 'skipped');
  const of = (outcome: TestCase['outcome']) => counted.filter((test) => test.outcome === outcome).length;
  const [passed, failed, errored, skipped] = [of('passed'), of('failed'), of('errored'), of('skipped')];
  const found = asked === null ? counted.length : counted.filter(({ id }) => asked.has(id)).length;
  const notRun = Math.max(0, asked === null ? left : 0, (asked?.size ?? testsFloor) - found);
  const executed = passed + failed + errored;
  return { selected: counted.length + notRun, executed, passed, failed, errored, skipped, notRun };
}
