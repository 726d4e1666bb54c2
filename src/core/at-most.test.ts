import { expect, test } from 'vitest';
import { atMost } from './at-most.ts';

test('results keep the order of the items, and never more than the bound are under way', async () => {
  let [now, most] = [0, 0];
  const squares = await atMost(3, [5, 1, 4, 2, 3], async (n) => {
    now += 1;
    most = Math.max(most, now);
    for (let turns = 0; turns < n; turns++) await Promise.resolve();
    now -= 1;
    return n * n;
  });
  expect([squares, most]).toEqual([[25, 1, 16, 4, 9], 3]);
  expect(await atMost(3, [], async () => 1)).toEqual([]);
});
