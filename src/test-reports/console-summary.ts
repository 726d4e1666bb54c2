import { stripVTControlCharacters } from 'node:util';
import type { TestTotals } from '../core/test-report.ts';
import { type ConsoleRunner, consoleRunners, type Figures } from './console-runners.ts';

export interface ConsoleSummary extends TestTotals {
  readonly runner: ConsoleRunner['name'];
  /** How many summaries the output holds: more than 1 means that several runs wrote into it. The last one is told. */
  readonly runs: number;
}

const lineCharsMax = 2_000;

/**
 * The figures that a test runner prints at its end, or null where none is found. A test that was cut off counts as failed
 * (node's `cancelled`), `todo` and expected failures as skipped, files that failed to load as errored tests: the rules by
 * which its report is read.
 */
export function readConsoleSummary(output: string): ConsoleSummary | null {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .map((line) => (line.length > lineCharsMax ? '' : line.trim()));
  const found = consoleRunners.flatMap((runner) => summariesOf(runner, lines));
  const last = found.toSorted((left, right) => left.at - right.at).at(-1);
  return last === undefined ? null : { runner: last.runner, ...last.totals, runs: found.length };
}

interface Found {
  readonly runner: ConsoleRunner['name'];
  /** The line that the summary began on. */
  readonly at: number;
  readonly totals: TestTotals;
}

function summariesOf(runner: ConsoleRunner, lines: readonly string[]): Found[] {
  const blocks: { at: number; figures: Figures }[] = [];
  for (const [at, line] of lines.entries()) {
    if (runner.starts.test(line)) blocks.push({ at, figures: new Map() });
    else if (!runner.continues?.test(line)) continue;
    const figures = blocks.at(-1)?.figures;
    for (const [name, count] of runner.figures(line)) figures?.set(name, count);
  }
  return blocks.flatMap(({ at, figures }) => {
    const totals = runner.totals(figures);
    return totals === null ? [] : [{ runner: runner.name, at, totals }];
  });
}
