import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { blankMove } from '../core/blank-rows.ts';
import { must, platformName, service, TrafficBed } from '../testing/traffic-bed.ts';
import { sweepTagged } from './remove-tagged.ts';

let bed: TrafficBed;
beforeAll(async () => {
  bed = await TrafficBed.create();
});
afterAll(() => bed.remove());
beforeEach(async () => {
  await bed.fresh();
  must(await bed.deploy('one', null));
});

const [oldTag, headTag] = ['loop-000000000000', 'loop-111111111111'];
const named = (suffix: string) => `${platformName}-${suffix}`;

/** `old`, which a finished run of loop made and tagged, and `new`, which serves instead of it. */
async function replaced(): Promise<string> {
  const before = await bed.run('recording');
  must(await bed.deploy('old', oldTag, 'well', before.record.run.id));
  await bed.finish(before.record.run.id);
  must(await bed.deploy('new', headTag));
  return before.record.run.id;
}

test('the stable revision of the run stays: it served a moment ago, and traffic may have to go back to it', async () => {
  await replaced();
  const { deployments = [] } = await bed.tested('new');
  const kept = deployments.map((one) => (one.role === 'stable' ? { ...one, revision: named('old') } : one));
  expect(
    await sweepTagged(headTag, bed.parts(), await bed.run('recording', { record: { deployments: kept } })),
  ).toEqual([]);
  expect(await bed.traffic()).toBe(`one:100 old=${oldTag} new=${headTag}`);
});

test('so does what this run took traffic from', async () => {
  await replaced();
  const at = new Date().toISOString();
  const move = {
    ...blankMove,
    at,
    service,
    from: named('old'),
    to: named('new'),
    percent: 100,
    why: '',
    verified: true,
  };
  const run = await bed.run('recording', { record: { trafficMoves: [move] } });
  expect(await sweepTagged(headTag, bed.parts(), run)).toEqual([]);
  expect((await bed.traffic()).includes(oldTag)).toBe(true);
});

test('a revision that somebody else has tagged too loses our tag only', async () => {
  const madeBy = await replaced();
  must(await bed.deploy('old', 'qa-team', 'well', madeBy));
  expect(await sweepTagged(headTag, bed.parts(), await bed.run('preparing'))).toEqual([]);
  expect(await bed.traffic()).toBe(`one:100 new=${headTag} old=qa-team`);
});

test('and the last good one, in a run that knows nothing yet', async () => {
  await replaced();
  const run = await bed.run('preparing');
  const at = new Date().toISOString();
  await run.memory.rememberGood({ service, revision: named('old'), commit: null, run: 'run-before', at });
  expect(await sweepTagged(headTag, bed.parts(), run)).toEqual([]);
  await run.memory.rememberGood({ service, revision: named('new'), commit: null, run: run.record.run.id, at });
  expect(await sweepTagged(headTag, bed.parts(), run)).toEqual([named('old')]);
});
