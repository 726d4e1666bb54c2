import { expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';

const one = (name: string, status: string): string =>
  `<test name="${name}"><kw name="k"><status status="FAIL">inner</status></kw><status status="${status}" elapsed="0.5">why</status></test>`;

test('Robot Framework: only the test’s own status counts', async () => {
  const text = `<robot generator="Robot 7"><suite name="All"><suite name="S">${one('a', 'PASS')}${one('b', 'FAIL')}${one('c', 'SKIP')}<test name="d"/></suite></suite><statistics/></robot>`;
  const reading = await readSample(text);
  expect(shown(reading)).toEqual([
    'robot',
    'passed All > S > a',
    'failed All > S > b',
    'skipped All > S > c',
    'errored All > S > d',
  ]);
  expect(reading.report.tests.at(1)).toMatchObject({ message: 'why', durationMs: 500 });
});
