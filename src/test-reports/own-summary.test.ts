import { expect, test } from 'vitest';
import { ownSummaryProblem } from './own-summary.ts';

const totals = { tests: 61, passed: 51, failed: 7, errored: 3, skipped: 0 };

// [a script's closing words, what is said against the report of 61 tests]
test.each([
  [
    'Total Tests: 61\nPassed: 51\nFailed: 7\nSkipped: 0\n',
    "the output's own summary says 61 tests: 51 passed, 7 failed, 0 skipped, which leaves 3 untold; the report says 51 passed, 7 failed, 3 errored, 0 skipped",
  ],
  [
    '- **Total Tests:** 61\r\n- **Passed:** 61\r\n- **Failed:** 0\r\n',
    "the output's own summary says 61 tests: 61 passed, 0 failed; the report says 51 passed, 7 failed, 3 errored, 0 skipped",
  ],
  ['Total: 61\n\u001b[32mPassed: 51\u001b[0m\nFailed: 10\n', null],
  ['Total: 61\nPassed: 51\nFailed: 7\nErrors: 3\nSkipped: 0\n', null],
  // files, modules and other things are counted as well
  ['Total: 10 modules\nPassed: 8\nFailed: 2\n', null],
  ['Total: 10\nPassed: 8\nFailed: 2\n', null],
  ['Total: 61\n', null],
  [`Total: 61\n${'talk\n'.repeat(9)}Passed: 1\nFailed: 2\n`, null],
  ['the total is 61\npassed 1 test\nfailed 2 tests\n', null],
])('%j', (output, expected) => {
  expect(ownSummaryProblem(output, totals)).toBe(expected);
});
