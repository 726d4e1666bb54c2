import { expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';

const one = (name: string, result: string): string =>
  `<test name="N.C.${name}" type="N.C" method="${name}" time="0.5" result="${result}"/>`;
const report = (tests: string, totals = '', errors = ''): string =>
  `<assemblies><assembly name="/x/A.dll" ${totals}><errors>${errors}</errors><collection name="c">${tests}</collection></assembly></assemblies>`;

test.each([
  [
    'outcomes',
    report(one('a', 'Pass') + one('b', 'Fail') + one('c', 'Skip') + one('d', ''), 'total="4" failed="2" errors="0"'),
    ['passed A.dll > N.C > a', 'failed A.dll > N.C > b', 'skipped A.dll > N.C > c', 'errored A.dll > N.C > d'],
  ],
  [
    'errors outside of tests are red',
    report(
      one('a', 'Pass'),
      'total="1" failed="0" errors="1"',
      '<error type="assembly-cleanup" name="x"><failure exception-type="E"><message>no</message></failure></error>',
    ),
    ['errored A.dll > (assembly-cleanup) x', 'passed A.dll > N.C > a'],
  ],
  [
    'version 1',
    '<assemblies><assembly name="A.dll" total="1" failed="1"><class name="N.C"><test name="N.C.a" type="N.C" result="Fail"><failure><message>no</message></failure></test></class></assembly></assemblies>',
    ['failed A.dll > N.C > a'],
  ],
  [
    'failures that are not shown',
    report(one('a', 'Pass'), 'total="2" failed="1"'),
    ['passed A.dll > N.C > a', 'doubt totals-hide-failures'],
  ],
])('xUnit.net: %s', async (_, text, expected) => {
  expect(shown(await readSample(text))).toEqual(['xunit', ...expected]);
});
