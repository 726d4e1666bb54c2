import { expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';

const method = (name: string, status: string, more = ''): string =>
  `<test-method name="${name}" status="${status}" duration-ms="5" ${more}></test-method>`;
const report = (methods: string, totals = ''): string =>
  `<testng-results ${totals}><reporter-output/><suite name="S"><groups/><test name="T"><class name="a.B">${methods}</class></test></suite></testng-results>`;

test.each([
  [
    'outcomes',
    report(method('a', 'PASS') + method('b', 'FAIL') + method('c', 'SKIP') + method('d', ''), 'failed="1"'),
    [
      'passed S > T > a.B > a',
      'failed S > T > a.B > b',
      'skipped S > T > a.B > c',
      'errored S > T > a.B > d',
      'note totals-differ',
    ],
  ],
  [
    'set-up is no test, and red',
    report(method('up', 'FAIL', 'is-config="true"') + method('down', 'PASS', 'is-config="true"'), 'failed="0"'),
    ['errored S > T > a.B > up'],
  ],
  [
    'retries are attempts',
    report(method('a', 'SKIP', 'retried="true"') + method('a', 'PASS')),
    ['passed S > T > a.B > a [failed passed]'],
  ],
])('TestNG: %s', async (_, text, expected) => {
  expect(shown(await readSample(text))).toEqual(['testng', ...expected]);
});
