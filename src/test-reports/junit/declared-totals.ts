import { addDeclared, type DeclaredTotals, type ReportProblem } from '../../core/test-report.ts';
import type { Counts, OpenSuite, SuiteNumbers } from './open-suite.ts';

/**
 * Compares what a suite says about itself with what is in it, and names both figures.
 *
 * A doubt only where the difference could hide something: more failures declared than shown, or more tests than shown.
 * pytest counts a test with a broken teardown twice, so errors may explain declared tests.
 */
export function checkDeclared(suite: OpenSuite): ReportProblem | null {
  const { declared, all } = suite;
  if (agrees(declared, all) || agrees(declared, suite.direct)) return null;
  const who = suite.name === '' ? 'the report' : `the suite "${suite.name.slice(0, 80)}"`;
  const message = `${who} says ${said(declared)}; it holds ${held(declared, all)}`;
  return { ...judged(declared, all), message, line: suite.line };
}

function judged(declared: SuiteNumbers, all: Counts): Pick<ReportProblem, 'code' | 'weight'> {
  const red = (declared.failed ?? 0) + (declared.errored ?? 0);
  const shownRed = Math.max(all.failed + all.errored, all.failureElements + all.errorElements);
  if (red > shownRed) return { code: 'totals-hide-failures', weight: 'doubt' };
  if ((declared.tests ?? 0) > all.tests + all.errorElements) return { code: 'totals-hide-tests', weight: 'doubt' };
  return { code: 'totals-differ', weight: 'note' };
}

const fields = ['tests', 'failed', 'errored', 'skipped'] as const;

function agrees(declared: SuiteNumbers, counts: Counts): boolean {
  return fields.every((field) => declared[field] === undefined || declared[field] === counts[field]);
}

function said(declared: SuiteNumbers): string {
  return fields.flatMap((field) => (declared[field] === undefined ? [] : [`${declared[field]} ${field}`])).join(', ');
}

function held(declared: SuiteNumbers, counts: Counts): string {
  return fields.flatMap((field) => (declared[field] === undefined ? [] : [`${counts[field]} ${field}`])).join(', ');
}

/** What the whole report declares: its root's numbers, else the sum of its suites' where no test stands outside of one. */
export interface DeclaredBook {
  suiteClosed(suite: OpenSuite, depth: number): void;
  total(): DeclaredTotals | null;
}

export function makeDeclaredBook(): DeclaredBook {
  let root: DeclaredTotals | null = null;
  let sum: DeclaredTotals | null = {};
  const suiteClosed = (suite: OpenSuite, depth: number): void => {
    if (depth === 1 && suite.declared.tests !== undefined) root = suite.declared;
    if (depth === 1 && suite.direct.tests > 0) sum = null;
    if (depth !== 2 || sum === null) return;
    sum = suite.declared.tests === undefined ? null : addDeclared(sum, suite.declared);
  };
  const total = (): DeclaredTotals | null => root ?? (sum?.tests === undefined ? null : sum);
  return { suiteClosed, total };
}
