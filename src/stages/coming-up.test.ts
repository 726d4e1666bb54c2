import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { must, platformName, service, TrafficBed } from '../testing/traffic-bed.ts';
import { comesUpServing } from './coming-up.ts';
import { trafficLeft } from './recording/traffic-left.ts';
import { rollingBack } from './rolling-back/rolling-back.ts';

let bed: TrafficBed;
beforeAll(async () => {
  bed = await TrafficBed.create();
});
afterAll(() => bed.remove());
beforeEach(async () => {
  await bed.fresh();
  must(await bed.deploy('one', null));
});

const roundsMax = 100;

/** Begins a deployment that takes all of the traffic once it is ready, and comes back while it is not. */
async function begun(madeBy: string): Promise<() => Promise<unknown>> {
  await bed.fault({ readySlowMs: 4_000 });
  const deployed = bed.deploy('two', null, 'well', madeBy);
  await created();
  return () => deployed;
}

async function created(): Promise<void> {
  for (let round = 0; (await bed.facts()).latestCreated !== `${platformName}-two`; round += 1) {
    if (round === roundsMax) throw new Error('the deployment did not begin');
    await wait(50);
  }
}

test('a revision that is still coming up when the run is cancelled takes nothing afterwards', async () => {
  const { deployments = [] } = await bed.tested('two');
  const record = { deployments: deployments.filter((one) => one.role === 'stable') };
  const run = await bed.run('rollingBack', { record, task: { cancelled: true } });
  const ended = await begun(run.record.run.id);
  expect((await bed.facts()).serving).toBe(`${platformName}-one`);
  const back = await rollingBack(bed.parts())(run);
  expect(back.patch.trafficMoves).toMatchObject([
    { from: `${platformName}-two`, to: `${platformName}-one`, percent: 100, allocation: 'revision', verified: true },
  ]);
  await ended();
  const facts = await bed.facts();
  expect(facts.latestReady).toBe(`${platformName}-two`);
  expect(await bed.traffic()).toBe('one:100');
  expect(facts.asked.map(({ revision, latest }) => ({ revision, latest }))).toEqual([
    { revision: `${platformName}-one`, latest: false },
  ]);
});

test('LATEST is not given back while a newer revision is coming up: it would take everything', async () => {
  must(await bed.deploy('zero', null));
  const { deployments = [] } = await bed.tested('two');
  const record = { deployments: deployments.filter((one) => one.role === 'stable') };
  const run = await bed.run('recording', { record });
  await bed.fault({ readySlowMs: 4_000 });
  const deployed = bed.deploy('two', 'loop-111111111111', 'well', run.record.run.id);
  await created();
  await run.memory.rememberPinned({
    service,
    revision: `${platformName}-zero`,
    run: 'r',
    at: new Date().toISOString(),
  });
  const left = await trafficLeft(bed.parts(), run);
  expect(left.moves).toEqual([]);
  expect(left.next).toHaveLength(1);
  await deployed;
  expect((await bed.facts()).serving).toBe(`${platformName}-zero`);
});

test('a deployment that was not ready in time is told apart from one that failed and from one of someone else', async () => {
  const run = await bed.run('deploying');
  const own = run.record.run.id;
  const ended = await begun(own);
  expect(await comesUpServing(await bed.facts(), bed.parts(), run)).toEqual([`${platformName}-two`]);
  const other = await bed.run('deploying');
  expect(await comesUpServing(await bed.facts(), bed.parts(), other)).toEqual([]);
  await ended();
  await bed.fault({});
  await bed.deploy('three', null, 'exit', own);
  expect((await bed.facts()).asked.some((one) => one.revision === `${platformName}-three`)).toBe(true);
  expect(await comesUpServing(await bed.facts(), bed.parts(), run)).toEqual([]);
});
