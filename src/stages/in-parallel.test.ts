import { expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

test.each([
  [1, 1],
  [3, 3],
  [99, 7],
])('at most %i at a time, results in order', async (atOnce, most) => {
  let [running, peak] = [0, 0];
  const results = await inParallel([6, 5, 4, 3, 2, 1, 0], atOnce, async (item) => {
    running += 1;
    peak = Math.max(peak, running);
    for (let turn = 0; turn < item; turn += 1) await Promise.resolve();
    running -= 1;
    return item * 2;
  });
  expect(results).toEqual([12, 10, 8, 6, 4, 2, 0]);
  expect(peak).toBe(most);
});

test('nothing to do is done', async () => {
  expect(await inParallel([], 4, async () => 1)).toEqual([]);
});
