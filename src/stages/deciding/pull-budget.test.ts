import { expect, test } from 'vitest';
import { pullLimitReached } from './pull-budget.ts';

const now = new Date('2026-11-20T20:00:00Z');
const pull = (state: 'open' | 'merged', time: string) => ({ state, createdAt: `2026-11-20T${time}:00Z` });
const early = (count: number) => Array.from({ length: count }, () => pull('open', '10:00'));

// [story, pull requests at the forge, opened by this run, what is said]
test.each([
  ['none yet', [], 0, null],
  ['one a moment ago', [pull('open', '19:50')], 1, null],
  [
    'two within the hour, by other runs, merged since',
    [pull('merged', '19:10'), pull('merged', '19:50')],
    0,
    '2 pull requests were opened within the hour, the limit is 2',
  ],
  ['two, but long ago', [pull('open', '18:50'), pull('open', '18:59')], 2, null],
  ['three by this long run', early(3), 3, 'this run opened 3 pull requests already, the limit is 3'],
  ['five are open', early(5), 0, '5 pull requests of loop are open, the limit is 5'],
] as const)('%s', (_story, pulls, ofThisRun, said) => {
  expect(pullLimitReached(pulls, { openPulls: 5, pullsPerRun: 3, ofThisRun, now })).toBe(said);
});
