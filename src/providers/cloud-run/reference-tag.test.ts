import { expect, test } from 'vitest';
import { allToBesideReference } from './traffic-plan.ts';

const share = (revision: string, percent: number, tag: string | null = null) => ({
  revision,
  percent,
  tag,
  latest: false,
  url: null,
});

test('a revision that gets all traffic leaves the one before it an address', () => {
  const plan = allToBesideReference([share('old', 90), share('older', 10), share('some', 0, 'loop-abc')], 'new');
  expect(plan.map(({ revision, percent, tag }) => [revision, percent, tag ?? null])).toEqual([
    ['new', 100, null],
    ['some', 0, 'loop-abc'],
    ['old', 0, 'loop-reference'],
  ]);
});

test('the tag moves on, and a repeated deployment keeps nothing of itself', () => {
  const plan = allToBesideReference([share('new', 100), share('old', 0, 'loop-reference')], 'new');
  expect(plan.map(({ revision, tag }) => [revision, tag ?? null])).toEqual([['new', null]]);
});
