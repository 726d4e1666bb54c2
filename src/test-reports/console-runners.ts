import type { TestTotals } from '../core/test-report.ts';

export type Figures = Map<string, number>;

/** How one runner ends its output: the line that a summary starts with, the lines that go on with it, what they mean. */
export interface ConsoleRunner {
  readonly name: 'node' | 'vitest' | 'jest' | 'pytest' | 'mocha';
  readonly starts: RegExp;
  readonly continues?: RegExp;
  figures(line: string): Iterable<readonly [string, number]>;
  /** Null where the lines only looked like a summary. */
  totals(figures: Figures): TestTotals | null;
}

/** `ℹ tests 8` (spec reporter, sometimes in a damaged encoding) or `# tests 8` (TAP). */
const node: ConsoleRunner = {
  name: 'node',
  starts: /^\S{1,6}\s+tests\s+\d+$/,
  continues: /^\S{1,6}\s+(?:pass|fail|cancelled|skipped|todo)\s+\d+$/,
  figures: (line) => {
    const [, name = '', count = ''] = line.split(/\s+/);
    return [[name, Number(count)]];
  },
  totals: (figures) => {
    if (!figures.has('pass')) return null;
    return add({
      passed: sum(figures, 'pass'),
      failed: sum(figures, 'fail', 'cancelled'),
      skipped: sum(figures, 'skipped', 'todo'),
    });
  },
};

/** `Test Files  1 failed | 2 passed (3)`, `Tests  1 failed | 5 passed (6)`, `Errors  1 error`. */
const vitest: ConsoleRunner = {
  name: 'vitest',
  starts: /^Test Files\s+(?:\d+ |no )/,
  continues: /^(?:Tests|Errors)\s+(?:\d+ |no )/,
  figures: (line) => countedWords(line, line.startsWith('Test Files') ? 'files ' : ''),
  totals: ofFiles,
};

/** `Test Suites: 1 failed, 2 total`, `Tests:       1 failed, 3 passed, 4 total`. */
const jest: ConsoleRunner = {
  name: 'jest',
  starts: /^Test Suites:\s+\d+ /,
  continues: /^Tests:\s+\d+ /,
  figures: (line) => countedWords(line, line.startsWith('Test Suites') ? 'files ' : ''),
  totals: ofFiles,
};

/** `==== 1 failed, 24 passed, 7 warnings in 38.45s ====`; with `-q` without the bars. */
export const pytest: ConsoleRunner = {
  name: 'pytest',
  starts: /^(?:=+ )?(?:no tests ran|\d+ [a-z]+(?: collected)?(?:, \d+ [a-z]+(?: collected)?)*) in \d[\d.]*s\b[^a-z]*$/,
  figures: (line) => countedWords(line, ''),
  totals: (figures) =>
    add({
      passed: sum(figures, 'passed', 'xpassed'),
      failed: sum(figures, 'failed'),
      errored: sum(figures, 'error', 'errors'),
      skipped: sum(figures, 'skipped', 'xfailed'),
    }),
};

/** `5 passing (12ms)`, `1 pending`, `2 failing`. */
const mocha: ConsoleRunner = {
  name: 'mocha',
  starts: /^\d+ passing\b/,
  continues: /^\d+ (?:pending|failing)$/,
  figures: (line) => countedWords(line, ''),
  totals: (figures) =>
    add({ passed: sum(figures, 'passing'), failed: sum(figures, 'failing'), skipped: sum(figures, 'pending') }),
};

export const consoleRunners: readonly ConsoleRunner[] = [node, vitest, jest, pytest, mocha];

/** A file that failed without a failed test did not load: its tests are unknown, and one errored test stands for it. */
function ofFiles(figures: Figures): TestTotals | null {
  const failed = sum(figures, 'failed');
  const broken = failed === 0 ? sum(figures, 'files failed') : 0;
  return add({
    passed: sum(figures, 'passed'),
    failed,
    errored: broken + sum(figures, 'error', 'errors'),
    skipped: sum(figures, 'skipped', 'todo', 'pending'),
  });
}

function* countedWords(line: string, prefix: string): Iterable<readonly [string, number]> {
  for (const match of line.matchAll(/\b(\d+) ([a-z]+)/g)) yield [`${prefix}${match[2]}`, Number(match[1])];
}

function sum(figures: Figures, ...names: string[]): number {
  return names.reduce((total, name) => total + (figures.get(name) ?? 0), 0);
}

function add(counts: { passed: number; failed: number; errored?: number; skipped: number }): TestTotals {
  const errored = counts.errored ?? 0;
  return { ...counts, errored, tests: counts.passed + counts.failed + errored + counts.skipped };
}
