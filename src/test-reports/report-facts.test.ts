import { expect, test } from 'vitest';
import { readSample } from '../testing/report-sample.ts';
import { reportFacts } from './report-facts.ts';

const one = (title: string, status: string) => ({ ancestorTitles: [], title, status, failureMessages: [] });
/** As jest writes it with `-t`: whatever it was not asked for is pending. */
const jest = JSON.stringify({
  numTotalTests: 5,
  numPendingTests: 2,
  numFailedTests: 2,
  success: false,
  testResults: [
    {
      name: '/app/a.test.js',
      status: 'failed',
      message: '',
      assertionResults: [
        one('a', 'failed'),
        one('b', 'pending'),
        one('c', 'pending'),
        one('d', 'passed'),
        one('e', 'failed'),
      ],
    },
  ],
});

// [asked, counts]: what was asked for and what ran besides is selected, what is absent is not run
test.each([
  [['a', 'd'], { selected: 3, executed: 3, passed: 1, failed: 2, errored: 0, skipped: 0, notRun: 0 }],
  [['a', 'b'], { selected: 4, executed: 3, passed: 1, failed: 2, errored: 0, skipped: 1, notRun: 0 }],
  [['a', 'gone'], { selected: 4, executed: 3, passed: 1, failed: 2, errored: 0, skipped: 0, notRun: 1 }],
  [null, { selected: 9, executed: 3, passed: 1, failed: 2, errored: 0, skipped: 2, notRun: 4 }],
])('narrowed to %j', async (asked, counts) => {
  const ids = asked?.map((name) => `a.test.js > ${name}`) ?? null;
  expect(reportFacts(await readSample(jest), '', 9, ids).counts).toEqual(counts);
});
