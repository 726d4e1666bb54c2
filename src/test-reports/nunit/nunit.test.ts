import { expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';

const three = (inside: string, totals = ''): string =>
  `<?xml version="1.0"?>\n<test-run ${totals}><test-suite type="Assembly" name="a/B.dll" result="Failed" site="Child">${inside}</test-suite></test-run>`;
const one = (name: string, result: string, more = ''): string =>
  `<test-case name="${name}" fullname="N.F.${name}" classname="N.F" result="${result}" ${more} duration="0.5"/>`;

test.each([
  [
    '3: outcomes',
    three(
      one('a', 'Passed') +
        one('b', 'Failed') +
        one('c', 'Failed', 'label="Error"') +
        one('d', 'Skipped') +
        one('e', 'Inconclusive'),
      'failed="2"',
    ),
    [
      'passed B.dll > N.F > a',
      'failed B.dll > N.F > b',
      'errored B.dll > N.F > c',
      'skipped B.dll > N.F > d',
      'skipped B.dll > N.F > e',
    ],
  ],
  [
    '3: a clean-up that failed is red',
    three(
      `<test-suite name="F" result="Failed" site="TearDown"><failure><message>db</message></failure>${one('a', 'Passed')}</test-suite>`,
    ),
    ['passed B.dll > N.F > a', 'errored B.dll > F > (the suite itself)'],
  ],
  [
    '3: a suite that only repeats its tests',
    three(
      `<test-suite name="F" result="Failed" site="Child"><failure><message>children</message></failure>${one('a', 'Failed')}</test-suite>`,
    ),
    ['failed B.dll > N.F > a'],
  ],
  [
    '3: failures that are not shown',
    three(one('a', 'Passed') + one('b', 'Failed'), 'failed="4"'),
    ['passed B.dll > N.F > a', 'failed B.dll > N.F > b', 'doubt totals-hide-failures'],
  ],
  [
    '2: outcomes',
    '<test-results failures="1" errors="1"><test-suite name="x.dll" result="Failure"><results><test-case name="N.F.a(1.5)" result="Success"/><test-case name="N.F.b" result="Failure"/><test-case name="N.F.c" result="Error"/><test-case name="N.F.d" result="Ignored"/><test-case name="N.F.e" result="NotRunnable"/></results></test-suite></test-results>',
    [
      'passed x.dll > N.F > a(1.5)',
      'failed x.dll > N.F > b',
      'errored x.dll > N.F > c',
      'skipped x.dll > N.F > d',
      'errored x.dll > N.F > e',
      'note totals-differ',
    ],
  ],
  [
    '2: only success',
    '<test-results><test-suite name="s"><results><test-case name="a" executed="True" success="True"/><test-case name="b" executed="True" success="False"/><test-case name="c" executed="False"/><test-case name="d"/></results></test-suite></test-results>',
    ['passed a', 'failed b', 'skipped c', 'errored d'],
  ],
])('NUnit %s', async (_, text, expected) => {
  expect(shown(await readSample(text))).toEqual(['nunit', ...expected]);
});
