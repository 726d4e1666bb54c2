import { describe, expect, test } from 'vitest';
import { lostAtNonPass, meetsGate, passRatePermille } from './pass-rate.ts';

describe('a pass rate is counted in integers', () => {
  test.each([
    [5, 8, 625],
    [2, 3, 666],
    [999, 1000, 999],
    [9999, 10000, 999],
    [8, 8, 1000],
    [0, 8, 0],
    [0, 0, 0],
  ])('%i of %i is %s permille', (passed, selected, permille) => {
    expect(passRatePermille(passed, selected)).toBe(permille);
  });
});

describe('a gate', () => {
  test.each([
    ['is met at the threshold itself', 4, 5, 800, true],
    ['is missed by one', 5, 8, 800, false],
    ['counts what was not run', 51, 215, 800, false],
    ['of 55 % of 20 needs 11, not 12', 11, 20, 550, true],
    ['of 62.5 % is met by 5 of 8', 5, 8, 625, true],
    ['is not met by a rate that only rounds up to it', 666, 1000, 667, false],
    ['is never met without a test', 0, 0, 0, false],
  ])('%s', (_story, passed, selected, threshold, met) => {
    expect(meetsGate(passed, selected, threshold)).toBe(met);
  });
});

describe('the non-pass that loses the gate', () => {
  test.each([
    [8, 800, 2],
    [20, 900, 3],
    [100, 550, 46],
    [100, 560, 45],
    [8, 1000, 1],
    [8, 0, 9],
    [1, 1, 1],
  ])('of %i at %i permille is number %i', (selected, threshold, at) => {
    expect(lostAtNonPass(selected, threshold)).toBe(at);
  });

  test('agrees with the gate for every size and threshold', () => {
    const disagreements: string[] = [];
    for (let selected = 1; selected <= 60; selected += 1) {
      for (let threshold = 0; threshold <= 1000; threshold += 1) {
        const at = lostAtNonPass(selected, threshold);
        const open = meetsGate(selected - at + 1, selected, threshold);
        const lost = at > selected || !meetsGate(selected - at, selected, threshold);
        if (!open || !lost) disagreements.push(`${selected} at ${threshold}`);
      }
    }
    expect(disagreements).toEqual([]);
  });
});
