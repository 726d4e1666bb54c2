import { expect, test } from 'vitest';
import { compareResults, passesInARow, redRate } from './compare-results.ts';

const ended = (text: string) =>
  text
    .split(' ')
    .filter(Boolean)
    .map((word) => ({ test: word.slice(0, -1), outcome: word.slice(-1) as 'P' | 'F' | 'E' | 'S' }));

// [before, now, what changed]
test.each([
  ['aP bP', 'aP bP', 'same, 2 same'],
  ['aF bP', 'aP bP', 'improved a, 1 same'],
  ['aP bP', 'aF bP', 'worse a, 1 same'],
  ['aP bF', 'aS bP', 'worse a, improved b, 0 same'],
  ['aF', 'aE', 'same, 1 same'],
  ['aP bP', 'aP cP', 'same, added c, gone b, 1 same'],
  ['', 'aF', 'same, added a, 0 same'],
])('%s, then %s: %s', (before, now, words) => {
  const { state, same, ...lists } = compareResults(ended(now), ended(before));
  const told = (['worse', 'improved', 'added', 'gone'] as const).flatMap((name) =>
    lists[name].length === 0 ? [] : [`${name} ${lists[name].join(' ')}`],
  );
  expect([...(state === 'same' ? ['same'] : []), ...told, `${same} same`].join(', ')).toBe(words);
});

test.each([
  ['PPFP', { red: 1, of: 4 }, 1],
  ['PPSP', { red: 0, of: 3 }, 1],
  ['FEPP', { red: 2, of: 4 }, 2],
  ['PPP', { red: 0, of: 3 }, 3],
  ['PF', { red: 1, of: 2 }, 0],
  ['', { red: 0, of: 0 }, 0],
])('%s', (outcomes, rate, row) => {
  expect([redRate(outcomes), passesInARow(outcomes)]).toEqual([rate, row]);
});
