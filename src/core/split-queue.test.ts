import { expect, test } from 'vitest';
import { splitLowerBoundMs, splitOrder } from './split-queue.ts';

// [items, known, order]
test.each([
  ['a b c', { a: 1, b: 3, c: 2 }, 'b c a'],
  ['a b c d', { a: 1, c: 9 }, 'b d c a'],
  ['a b c', { a: 2, b: 2, c: 2 }, 'a b c'],
  ['a b', {}, 'a b'],
  ['a __proto__', { a: 0 }, '__proto__ a'],
] as const)('%s with %j: %s', (items, known, order) => {
  expect(splitOrder(items.split(' '), new Map(Object.entries(known))).join(' ')).toBe(order);
});

test.each([
  [[3, 1, 1, 1], 2, 3],
  [[2, 2, 2, 2], 2, 4],
  [[5], 8, 5],
  [[], 2, 0],
])('%j over %i workers: no less than %i ms', (durations, workers, bound) => {
  expect(splitLowerBoundMs(durations, workers)).toBe(bound);
});
