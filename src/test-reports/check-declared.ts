import type { DeclaredTotals, ReportProblem, TestTotals } from '../core/test-report.ts';

const fields = ['tests', 'failed', 'errored', 'skipped'] as const;

/** Holds what a report says about itself against what is in it: a doubt where the difference could hide something. */
export function checkDeclared(declared: DeclaredTotals, held: TestTotals): ReportProblem | null {
  if (fields.every((field) => declared[field] === undefined || declared[field] === held[field])) return null;
  const said = (figures: DeclaredTotals): string =>
    fields.flatMap((field) => (declared[field] === undefined ? [] : [`${figures[field]} ${field}`])).join(', ');
  const message = `the report says ${said(declared)}; it holds ${said(held)}`;
  const red = (declared.failed ?? 0) + (declared.errored ?? 0);
  if (red > held.failed + held.errored) return { code: 'totals-hide-failures', weight: 'doubt', message };
  if ((declared.tests ?? 0) > held.tests) return { code: 'totals-hide-tests', weight: 'doubt', message };
  return { code: 'totals-differ', weight: 'note', message };
}
