import { basename } from 'node:path';
import type { Counts } from '../core/record.ts';
import type { ReportFailure, ReportReading, TestList, TestReport, TestTotals } from '../core/test-report.ts';
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
  { totals, tests, notRun: left = 0 }: Pick<TestReport, 'notRun' | 'totals' | 'tests'>,
  testsFloor: number,
  narrowedTo: readonly string[] | null,
): Counts {
  const asked = narrowedTo === null ? null : askedIn(tests, new Set(narrowedTo));
  const counted = asked?.counted ?? totals;
  const missing = asked === null ? Math.max(left, testsFloor - totals.tests) : asked.missing;
  const { passed, failed, errored, skipped } = counted;
  const notRun = Math.max(0, missing);
  return {
    selected: counted.tests + notRun,
    executed: passed + failed + errored,
    passed,
    failed,
    errored,
    skipped,
    notRun,
  };
}

function askedIn(tests: TestList, asked: ReadonlySet<string>): { counted: TestTotals; missing: number } {
  const counted = { tests: 0, passed: 0, failed: 0, errored: 0, skipped: 0 };
  let missing = asked.size;
  for (const { id, outcome } of tests) {
    const isAsked = asked.has(id);
    if (isAsked) missing -= 1;
    if (!isAsked && outcome === 'skipped') continue;
    counted.tests += 1;
    counted[outcome] += 1;
  }
  return { counted, missing };
}
