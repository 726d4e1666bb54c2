import { expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';

const lines = (...events: object[]): string => events.map((event) => `${JSON.stringify(event)}\n`).join('');
const begin = [
  { protocolVersion: '0.1.1', type: 'start', time: 0 },
  { suite: { id: 0, path: 'test/a_test.dart' }, type: 'suite', time: 0 },
];
const start = (id: number, name: string) => ({
  test: { id, name, suiteID: 0, metadata: {} },
  type: 'testStart',
  time: 10,
});
const done = (testID: number, result: string, more = {}) => ({
  testID,
  result,
  skipped: false,
  hidden: false,
  type: 'testDone',
  time: 30,
  ...more,
});
const end = { success: true, type: 'done', time: 40 };

test.each([
  [
    'outcomes',
    lines(
      ...begin,
      start(1, 'a'),
      done(1, 'success'),
      start(2, 'b'),
      done(2, 'failure'),
      start(3, 'c'),
      done(3, 'success', { skipped: true }),
      end,
    ),
    ['passed test/a_test.dart > a', 'failed test/a_test.dart > b', 'skipped test/a_test.dart > c'],
  ],
  [
    'loading is no test, unless it breaks',
    lines(
      ...begin,
      start(1, 'loading a'),
      done(1, 'success', { hidden: true }),
      start(2, 'loading b'),
      done(2, 'error', { hidden: true }),
      end,
    ),
    ['errored test/a_test.dart > loading b'],
  ],
  ['a killed run', lines(...begin, start(1, 'a')), ['errored test/a_test.dart > a', 'doubt killed-run']],
])('dart events: %s', async (_, text, expected) => {
  expect(shown(await readSample(text))).toEqual(['dart', ...expected]);
});
