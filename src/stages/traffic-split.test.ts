import { expect, test } from 'vitest';
import { afterMove, isSameSplit, splitOf, splitWords } from './traffic-split.ts';

const all = (revision: string) => splitOf([{ revision, percent: 100 }]);

test.each([
  ['all of it', all('a'), { to: 'b', percent: 100 }, 'b 100 %'],
  ['a step', all('a'), { to: 'b', percent: 10 }, 'a 90 %, b 10 %'],
  ['the next step', afterMove(all('a'), { to: 'b', percent: 10 }), { to: 'b', percent: 50 }, 'a 50 %, b 50 %'],
  ['and back', afterMove(all('a'), { to: 'b', percent: 50 }), { to: 'a', percent: 100 }, 'a 100 %'],
  ['where nothing served', splitOf([]), { to: 'b', percent: 100 }, 'b 100 %'],
])('a move of ours is expected: %s', (_name, before, move, words) => {
  expect(splitWords(afterMove(before, move))).toBe(words);
});

test('tags without traffic are no share of it, and a revision that is served twice is one', () => {
  const served = [
    { revision: 'a', percent: 60 },
    { revision: 'a', percent: 40 },
    { revision: 'b', percent: 0 },
  ];
  expect(isSameSplit(splitOf(served), all('a'))).toBe(true);
  expect(
    isSameSplit(
      splitOf(served),
      splitOf([
        { revision: 'a', percent: 99 },
        { revision: 'b', percent: 1 },
      ]),
    ),
  ).toBe(false);
});

test('thirds that were rounded are the same', () => {
  const thirds = splitOf([
    { revision: 'a', percent: 33 },
    { revision: 'b', percent: 33 },
    { revision: 'c', percent: 34 },
  ]);
  const moved = afterMove(thirds, { to: 'd', percent: 10 });
  const platform = splitOf([
    { revision: 'a', percent: 30 },
    { revision: 'b', percent: 30 },
    { revision: 'c', percent: 30 },
    { revision: 'd', percent: 10 },
  ]);
  expect(isSameSplit(moved, platform)).toBe(true);
});
