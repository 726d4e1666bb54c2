import { expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';

const scenario = (name: string, ...words: string[]) => ({
  type: 'scenario',
  name,
  line: 3,
  steps: words.map((status) => ({ name: 'x', result: { status, duration: 1e6 } })),
});
const background = (...words: string[]) => ({ ...scenario('', ...words), type: 'background' });
const report = (...elements: object[]): string =>
  JSON.stringify([{ uri: 'a.feature', keyword: 'Feature', name: 'F', elements }]);

test.each([
  [
    'outcomes',
    report(
      scenario('a', 'passed'),
      scenario('b', 'passed', 'failed', 'skipped'),
      scenario('c', 'pending'),
      scenario('d', 'undefined'),
      scenario('e'),
    ),
    ['passed F > a', 'failed F > b', 'skipped F > c', 'errored F > d', 'skipped F > e'],
  ],
  [
    'a background belongs to its scenario',
    report(background('failed'), scenario('a', 'skipped'), background('passed'), scenario('b', 'passed')),
    ['failed F > a', 'passed F > b'],
  ],
])('Cucumber JSON: %s', async (_, text, expected) => {
  expect(shown(await readSample(text))).toEqual(['cucumber', ...expected]);
});
