import { expect, test } from 'vitest';
import { climb, type RungFact } from './ladder.ts';
import type { Rung } from './words.ts';

const ground = { rungs: [], rung: null, notProven: null };
const yes = (rung: Rung): RungFact => ({ rung, proven: true, because: `${rung} is proven`, evidence: ['E1'] });
const no = (rung: Rung): RungFact => ({ rung, proven: false, because: `${rung} is not there`, evidence: [] });

test.each<[string, RungFact[], string]>([
  ['one after the other', [yes('BUILT'), yes('REVISION_CREATED'), yes('READY')], 'BUILT REVISION_CREATED READY'],
  ['a fact in between is missing', [yes('BUILT'), yes('READY')], 'BUILT'],
  [
    'a fact in between is not proven',
    [yes('BUILT'), no('REVISION_CREATED'), yes('READY')],
    'BUILT not REVISION_CREATED',
  ],
  ['nothing is proven', [no('BUILT'), yes('REVISION_CREATED')], 'not BUILT'],
])('a rung needs the one below it: %s', (_story, facts, expected) => {
  const { rungs, rung, notProven } = climb(ground, facts);
  const words = [...rungs.map((one) => one.rung), ...(notProven ? [`not ${notProven.rung}`] : [])];
  expect(words.join(' ')).toBe(expected);
  expect(rung).toBe(rungs.at(-1)?.rung ?? null);
});

test('health without traffic proves nothing', () => {
  const ready = climb(ground, [yes('BUILT'), yes('REVISION_CREATED'), yes('READY'), no('TRAFFIC')]);
  expect(climb(ready, [yes('HEALTHY')])).toEqual(ready);
});

test('what is looked at again replaces what was said before, and all above it', () => {
  const all = climb(
    ground,
    ['BUILT', 'REVISION_CREATED', 'READY', 'TRAFFIC', 'HEALTHY', 'STABLE'].map((rung) => yes(rung as Rung)),
  );
  expect(all).toMatchObject({ rung: 'STABLE', notProven: null });
  expect(climb(all, [no('HEALTHY')])).toMatchObject({
    rung: 'TRAFFIC',
    notProven: { rung: 'HEALTHY', because: 'HEALTHY is not there' },
  });
});
