import { expect, test } from 'vitest';
import { type DecisionFacts, decide } from './decide.ts';

const head = 'b'.repeat(40);
const old = 'a'.repeat(40);
const revision = { name: 'app-1', commit: head, configHash: 'c0ffee', createdAt: '2026-11-20T12:00:00Z' };
const facts: DecisionFacts = {
  service: 'app',
  head,
  revision,
  missing: 'nothing serves',
  distance: null,
  wantedHash: 'c0ffee',
  drift: [],
  now: new Date('2026-11-20T12:30:00Z'),
  maxAgeMinutes: 60,
};
const at = (commit: string | null, more: Partial<DecisionFacts> = {}): Partial<DecisionFacts> => ({
  revision: { ...revision, commit },
  ...more,
});
const runsOld = 'app-1 runs aaaaaaaaaaaa';

test.each<[string, Partial<DecisionFacts>, string]>([
  ['equal', {}, 'fresh: app-1 runs HEAD bbbbbbbbbbbb'],
  ['old, and equal all the same', { now: new Date('2027-11-20T12:30:00Z') }, 'fresh: app-1 runs HEAD bbbbbbbbbbbb'],
  [
    'settings of someone else without a hash',
    { revision: { ...revision, configHash: null } },
    'fresh: app-1 runs HEAD bbbbbbbbbbbb',
  ],
  [
    'one behind',
    at(old, { distance: { behind: 1, ahead: 0 } }),
    `stale: ${runsOld}, 1 commit behind HEAD bbbbbbbbbbbb (merges counted)`,
  ],
  [
    'young, and behind all the same',
    at(old, { distance: { behind: 3, ahead: 0 } }),
    `stale: ${runsOld}, 3 commits behind HEAD bbbbbbbbbbbb (merges counted)`,
  ],
  [
    'main was moved back',
    at(old, { distance: { behind: 0, ahead: 2 } }),
    `stale: ${runsOld}, 2 commits ahead of HEAD bbbbbbbbbbbb (merges counted): the branch was moved back`,
  ],
  [
    'diverged',
    at(old, { distance: { behind: 3, ahead: 2 } }),
    `stale: ${runsOld}, on another line than HEAD bbbbbbbbbbbb: 3 behind, 2 ahead (merges counted)`,
  ],
  [
    'a commit that the clone has not',
    at(old),
    `stale: ${runsOld}, not at HEAD bbbbbbbbbbbb and not to be counted from it`,
  ],
  ['HEAD is not known', { head: null }, 'stale: app-1 runs bbbbbbbbbbbb, and HEAD is not known'],
  [
    'other settings, named',
    { drift: ['env MODE', 'memory'] },
    'stale: app-1 runs HEAD bbbbbbbbbbbb with other settings than the config wants: env MODE, memory',
  ],
  [
    'many settings',
    { drift: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
    'stale: app-1 runs HEAD bbbbbbbbbbbb with other settings than the config wants: a, b, c, d, e and 2 more',
  ],
  [
    'another hash, and nothing to name',
    { wantedHash: 'beef' },
    'stale: app-1 runs HEAD bbbbbbbbbbbb with other settings than the config wants: their hash is c0ffee, wanted is beef',
  ],
  ['settings that could not be resolved', { wantedHash: null }, 'fresh: app-1 runs HEAD bbbbbbbbbbbb'],
  ['unknown commit, young', at(null), 'fresh: app-1 has no known commit and is 30.0 minutes old, limit 60'],
  [
    'unknown commit, old',
    at(null, { maxAgeMinutes: 29 }),
    'stale: app-1 has no known commit and is 30.0 minutes old, limit 29',
  ],
  [
    'unknown commit, other settings',
    at(null, { drift: ['memory'] }),
    'stale: app-1 has no known commit and has other settings than the config wants: memory',
  ],
  [
    'unknown commit, from the future',
    at(null, { now: new Date('2026-11-20T11:00:00Z') }),
    'stale: app-1 has no known commit and its age is a clock error (-60.0 minutes)',
  ],
  [
    'unknown commit, made by a clock two zones away',
    at(null, { now: new Date('2026-11-20T12:30:00+02:00') }),
    'stale: app-1 has no known commit and its age is a clock error (-90.0 minutes)',
  ],
  [
    'unknown commit and age',
    { revision: { ...revision, commit: null, createdAt: '' } },
    'stale: app-1 has no known commit and no known age',
  ],
  ['nothing serves', { revision: null }, 'stale: nothing serves'],
])('%s', (_story, more, expected) => {
  const decision = decide({ ...facts, ...more });
  expect(decision.sentence).toBe(`app is ${expected}`);
  expect(decision.fresh).toBe(expected.startsWith('fresh'));
});
