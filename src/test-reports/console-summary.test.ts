import { expect, test } from 'vitest';
import { compareSummary } from './agreement.ts';
import { readConsoleSummary } from './console-summary.ts';

const nodeSpec =
  'ℹ tests 8\nℹ suites 0\nℹ pass 5\nℹ fail 2\nℹ cancelled 1\nℹ skipped 0\nℹ todo 0\nℹ duration_ms 12.5\n';
const totals = (passed: number, failed: number, errored = 0, skipped = 0) => ({
  tests: passed + failed + errored + skipped,
  passed,
  failed,
  errored,
  skipped,
});

test.each([
  ['node', nodeSpec, totals(5, 3)],
  ['node', nodeSpec.replaceAll('ℹ', '#'), totals(5, 3)],
  ['node', nodeSpec.replaceAll('ℹ', 'â„¹').replaceAll('\n', '\r\n'), totals(5, 3)],
  ['node', nodeSpec.replaceAll(/^(.*)$/gm, '\u001b[34m$1\u001b[39m'), totals(5, 3)],
  [
    'vitest',
    ' Test Files  1 failed | 2 passed (3)\n      Tests  1 failed | 5 passed | 1 skipped (7)\n',
    totals(5, 1, 0, 1),
  ],
  ['vitest', ' Test Files  1 failed (1)\n      Tests  no tests\n', totals(0, 0, 1)],
  ['vitest', ' Test Files  2 passed (2)\n      Tests  5 passed (5)\n     Errors  1 error\n', totals(5, 0, 1)],
  [
    'jest',
    'Test Suites: 1 failed, 2 passed, 3 total\nTests:       1 failed, 2 skipped, 3 passed, 6 total\n',
    totals(3, 1, 0, 2),
  ],
  ['jest', 'Test Suites: 41 failed, 2 passed, 43 total\nTests:       11 passed, 11 total\n', totals(11, 0, 41)],
  ['pytest', '===== 1 failed, 24 passed, 3 errors, 7 warnings in 84.96s (0:01:24) =====\n', totals(24, 1, 3)],
  ['pytest', '2 passed, 1 skipped, 1 xfailed, 1 xpassed in 0.12s\n', totals(3, 0, 0, 2)],
  ['pytest', '====== no tests ran in 0.05s ======\n', totals(0, 0)],
  ['pytest', '====== 1408 tests collected, 10 errors in 1.70s ======\n', totals(0, 0, 10)],
  ['mocha', '\n  5 passing (12ms)\n  1 pending\n  2 failing\n\n  1) login\n', totals(5, 2, 0, 1)],
])('%s: %j', (runner, output, expected) => {
  expect(readConsoleSummary(`starting\n${output}bye\n`)).toEqual({ runner, ...expected, runs: 1 });
});

test.each([
  ['nothing', ''],
  ['talk about tests', 'all tests 8 passed in my head\n3 passed in review\n# tests are fun\nTests: none\n'],
  ['a summary without outcomes', 'ℹ tests 8\n'],
  ['one endless line', 'ℹ tests '.repeat(100_000)],
])('no summary: %s', (_name, output) => {
  expect(readConsoleSummary(output)).toBeNull();
});

test('two runs in one output: the last one is told, and that there were two', () => {
  const output = `${nodeSpec}\n==== 4 passed in 1.0s ====\n`;
  expect(readConsoleSummary(output)).toEqual({ runner: 'pytest', ...totals(4, 0), runs: 2 });
});

test('"7 failed" that hides 3 errors does not agree with the report', () => {
  const summary = readConsoleSummary('===== 7 failed, 51 passed in 51.08s =====');
  if (summary === null) throw new Error('the summary was not read');
  const report = {
    format: 'junit',
    tests: [],
    totals: totals(51, 7, 3),
    declared: { tests: 61, failed: 7, errored: 3, skipped: 0 },
    runnerSummary: null,
    problems: [],
  };
  expect(compareSummary(summary, report)).toEqual({
    agree: false,
    message:
      'the console (pytest) says 58 tests: 51 passed, 7 failed, 0 errored, 0 skipped; ' +
      'the report says 61 tests: 51 passed, 7 failed, 3 errored, 0 skipped',
  });
});

test('a broken teardown is one test in our count and two in the figures of pytest: they agree', () => {
  const summary = readConsoleSummary('===== 1 failed, 1 error in 0.73s =====');
  if (summary === null) throw new Error('the summary was not read');
  const report = {
    format: 'junit',
    tests: [],
    totals: totals(0, 1),
    declared: { tests: 1, failed: 1, errored: 1, skipped: 0 },
    runnerSummary: null,
    problems: [],
  };
  expect(compareSummary(summary, report)).toEqual({ agree: true });
});
