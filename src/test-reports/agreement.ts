import type { TestReport, TestTotals } from '../core/test-report.ts';
import type { ConsoleSummary } from './console-summary.ts';

export type Agreement = { readonly agree: true } | { readonly agree: false; readonly message: string };

/**
 * Whether a console summary and a report tell of the same run. The report's tests decide; its own summary or declared
 * figures count too, where the runner counts otherwise than it writes (node's tests with subtests, pytest's broken teardowns).
 * Whether those figures hide something is the reader's to say, in the report's problems.
 */
export function compareSummary(summary: ConsoleSummary, report: TestReport): Agreement {
  const { totals, runnerSummary, declared } = report;
  if (same(summary, totals) || (runnerSummary !== null && same(summary, runnerSummary))) return { agree: true };
  const sameAsDeclared =
    declared !== null &&
    redOf(summary) === (declared.failed ?? 0) + (declared.errored ?? 0) &&
    summary.skipped === (declared.skipped ?? 0);
  if (sameAsDeclared && summary.passed >= totals.passed && redOf(totals) > 0) return { agree: true };
  const message = `the console (${summary.runner}) says ${told(summary)}; the report says ${told(totals)}`;
  return { agree: false, message };
}

/** Runners draw the line between failed and errored differently on the console and in the report; red is red. */
function same(left: TestTotals, right: TestTotals): boolean {
  return left.passed === right.passed && left.skipped === right.skipped && redOf(left) === redOf(right);
}

function redOf(totals: TestTotals): number {
  return totals.failed + totals.errored;
}

function told(totals: TestTotals): string {
  const { tests, passed, failed, errored, skipped } = totals;
  return `${tests} tests: ${passed} passed, ${failed} failed, ${errored} errored, ${skipped} skipped`;
}
