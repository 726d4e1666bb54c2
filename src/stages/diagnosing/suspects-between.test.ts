import { expect, test } from 'vitest';
import { suspectsBetween } from './suspects-between.ts';
import { suspectsFrom } from './suspects-from.ts';

/** Parts and run that fail at any touch: nothing may be asked, since nothing is known to compare. */
const untouchable = (head: string | null) =>
  ({
    parts: {} as Parameters<typeof suspectsBetween>[1],
    run: { record: { run: { head } } } as Parameters<typeof suspectsBetween>[2],
  }) as const;
const request = { key: 'k', reds: [], servicePath: 'app', logMentions: [] };

test.each<[string, string | null, string | null]>([
  ['the reference has no known commit', null, 'b'.repeat(40)],
  ['HEAD is not known', 'a'.repeat(40), null],
  ['both are one commit', 'b'.repeat(40), 'b'.repeat(40)],
])('nobody is suspected where %s', async (_story, from, head) => {
  const { parts, run } = untouchable(head);
  expect(await suspectsBetween({ ...request, from }, parts, run)).toEqual([]);
});

test.each<[string, string | null, string | null, string | null]>([
  ['both are known', 'a', 'h', 'a'],
  ['the reference is unknown', null, 'h', null],
  ['the candidate is unknown, whatever was asked for', 'a', null, null],
  ['the candidate is not HEAD', 'a', 'x', null],
])('suspects are counted from the reference up to a candidate that is HEAD: %s', (_story, stable, candidate, from) => {
  const run = { head: 'h' } as Parameters<typeof suspectsFrom>[2]['run'];
  expect(suspectsFrom({ commit: stable }, { commit: candidate }, { run })).toBe(from);
});
