import { expect, test } from 'vitest';
import { durationMs } from './durations.ts';

test.each([
  ['8h', 28_800_000],
  ['90m', 5_400_000],
  ['30s', 30_000],
  ['1d', 86_400_000],
  ['0s', null],
  ['8', null],
  ['h', null],
  ['1.5h', null],
  ['-1h', null],
  ['8h ', null],
  ['99999999h', null],
])('%s is %s ms', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});
