import { stripVTControlCharacters } from 'node:util';
import type { TestTotals } from '../core/test-report.ts';

/** `Total Tests: 61`, `- **Passed:** 51`: a script around the runner sums up in its own words. */
const figure =
  /^[\s*#|>-]*(total|passed|failed|errors?|errored|skipped)(?: tests?)?\s*[:=]?\s*\**\s*[:=]?\s*(\d{1,7})\s*$/i;
const linesMax = 8;

/**
 * What such a script says against the report, or null. Only where it counts as many tests as the report holds: other totals
 * may be of files, modules or requests. `Failed: 7` above 3 errors is the mistake that it finds.
 */
export function ownSummaryProblem(output: string, totals: TestTotals): string | null {
  const told = ownSummaries(output).findLast(({ total }) => total === totals.tests);
  if (told === undefined) return null;
  const { total = 0, passed = 0, failed = 0, errored, skipped } = told;
  const red = failed + (errored ?? 0);
  const same = passed === totals.passed && red === totals.failed + totals.errored;
  if (same && (skipped ?? totals.skipped) === totals.skipped) return null;
  const more = [
    errored === undefined ? '' : `, ${errored} errored`,
    skipped === undefined ? '' : `, ${skipped} skipped`,
  ];
  const left = total - passed - red - (skipped ?? 0);
  const sum = left > 0 ? `, which leaves ${left} untold` : '';
  const report = `${totals.passed} passed, ${totals.failed} failed, ${totals.errored} errored, ${totals.skipped} skipped`;
  return `the output's own summary says ${total} tests: ${passed} passed, ${failed} failed${more.join('')}${sum}; the report says ${report}`;
}

interface OwnSummary {
  total?: number;
  passed?: number;
  failed?: number;
  errored?: number;
  skipped?: number;
}

/** A total with figures close below it, passed and failed among them. */
function ownSummaries(output: string): OwnSummary[] {
  const found: { at: number; told: OwnSummary }[] = [];
  for (const [at, line] of stripVTControlCharacters(output).split('\n').entries()) {
    const [, word, count] = (line.length < 80 && figure.exec(line.trimEnd())) || [];
    if (word === undefined) continue;
    const name = word.toLowerCase();
    const latest = found.at(-1);
    if (name === 'total') found.push({ at, told: { total: Number(count) } });
    else if (latest !== undefined && at - latest.at <= linesMax)
      latest.told[name.startsWith('error') ? 'errored' : (name as 'passed' | 'failed' | 'skipped')] ??= Number(count);
  }
  return found.map(({ told }) => told).filter((told) => told.passed !== undefined && told.failed !== undefined);
}
