import { describe, expect, test } from 'vitest';
import { lowerBoundOfFailureRate, lowerBoundWhenAllFail, passesNeeded, ruledOutAbovePermille } from './proof-size.ts';

describe('how often the fault shows at least', () => {
  test.each([
    [5, 0.5493],
    [10, 0.7411],
    [59, 0.9505],
    [1, 0.05],
    [0, 0],
  ])('when all %i runs failed', (runs, bound) => {
    expect(lowerBoundWhenAllFail(runs)).toBeCloseTo(bound, 4);
    expect(lowerBoundOfFailureRate(runs, runs)).toBeCloseTo(bound, 4);
  });

  test.each([
    [0, 10, 0],
    [1, 10, 0.0051],
    [3, 10, 0.0873],
    [5, 10, 0.2224],
    [9, 10, 0.6058],
    [100, 1000, 0.0848],
  ])('when %i of %i failed', (failed, runs, bound) => {
    expect(lowerBoundOfFailureRate(failed, runs)).toBeCloseTo(bound, 4);
  });
});

describe('passes that prove the fix', () => {
  test.each([
    ['a fault that always shows', 1, 5],
    ['five failures of five', lowerBoundWhenAllFail(5), 5],
    ['one time in two', 0.5, 5],
    ['one time in five', 0.2, 14],
    ['one time in ten', 0.1, 29],
    ['three times in a hundred', 0.03, 99],
    ['a bound that is exact on paper', 1 - 0.05 ** (1 / 29), 29],
    ['a fault that was never seen', 0, null],
    ['no number', Number.NaN, null],
  ])('%s', (_story, bound, passes) => {
    expect(passesNeeded(bound)).toBe(passes);
  });
});

test.each([
  [5, 451],
  [14, 193],
  [29, 99],
  [30, 96],
  [99, 30],
  [1, 950],
  [0, null],
])('%i passes rule out a fault above %s permille', (passes, permille) => {
  expect(ruledOutAbovePermille(passes)).toBe(permille);
});
