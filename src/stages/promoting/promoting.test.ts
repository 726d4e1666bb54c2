import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Deployment } from '../../core/record.ts';
import { must, platformName, service, TrafficBed } from '../../testing/traffic-bed.ts';
import { rollingBack } from '../rolling-back/rolling-back.ts';
import { promoteService } from './promote-service.ts';
import { promoting } from './promoting.ts';

/** What a promotion does on the real emulator, and what it leaves behind. */
let bed: TrafficBed;
beforeAll(async () => {
  bed = await TrafficBed.create();
});
afterAll(() => bed.remove());
beforeEach(async () => {
  await bed.fresh();
  must(await bed.deploy('one', null));
});

const two = `${platformName}-two`;

test('a good candidate gets everything, watched, and is served as LATEST as it was found', async () => {
  const found = await bed.tested('two');
  must(await bed.deploy('two', 'next'));
  const run = await bed.run('promoting', { record: found });
  const end = await promoting(bed.parts())(run);
  expect(end.facts).toEqual({ result: 'held', foreign: false });
  expect(end.said).toMatch(/^web serves chat-web-two as LATEST after \d+\.\d s$/);
  expect(await bed.traffic()).toBe('LATEST two:100 two=next');
  expect(end.patch.trafficMoves).toMatchObject([
    { to: two, percent: 100, allocation: 'latest', verified: true, note: null, watch: { ok: true, errors: 0, own: 2 } },
  ]);
  const because = end.patch.trafficMoves?.[0]?.watch?.because;
  expect(because).toMatch(/^0 requests of users \(and 2 of our own\): judged by health alone in /);
});

test('step by step, each with its own watch; a service that is pinned by name stays so', async () => {
  must(await bed.deploy('two', 'next'));
  const run = await bed.run('promoting', { record: await bed.tested('two') });
  const end = await promoting(bed.parts({ traffic: { steps: [10, 50, 100] } }))(run);
  expect(end.facts.result).toBe('held');
  const moves = end.patch.trafficMoves ?? [];
  expect(moves.map(({ percent, watch, evidence }) => [percent, watch?.requests, evidence.length])).toEqual([
    [10, 2, 1],
    [50, 2, 1],
    [100, 2, 1],
  ]);
  expect(await bed.traffic()).toBe('two:100 two=next');
});

test('a candidate that is sick under traffic goes back, is NO-GO, and never gets traffic again without --force', async () => {
  must(await bed.deploy('two', 'next', 'sick'));
  const record = await bed.tested('two');
  const run = await bed.run('promoting', { record });
  const end = await promoting(bed.parts())(run);
  expect(end.facts.result).toBe('worse');
  expect(end.patch.problems).toMatchObject([{ code: 'worse', message: expect.stringContaining('answered 500') }]);
  const after = { ...run, record: { ...run.record, ...end.patch }, key: '1/rollingBack/1' };
  const back = await rollingBack(bed.parts())(after);
  expect(back.said).toMatch(/^web serves chat-web-one again after \d+\.\d s$/);
  expect(await bed.traffic()).toBe('one:100 two=next');

  const again = await bed.run('promoting', { record });
  const refused = await promoting(bed.parts())(again);
  expect(refused.facts.result).toBe('refused');
  expect(refused.patch.problems).toMatchObject([{ code: 'found-bad', hint: expect.stringContaining('--force') }]);
  expect(await bed.traffic()).toBe('one:100 two=next');

  const forced = await bed.run('promoting', { record });
  expect((await promoting(bed.parts({ options: { force: true } }))(forced)).facts.result).toBe('worse');
  expect(forced.notes).toEqual([expect.stringContaining('FORCED: chat-web-two OF web WAS FOUND BAD BEFORE')]);
});

test('errors that only users see are found in the request log, and end the watch at once', async () => {
  must(await bed.deploy('two', 'next', 'shaky'));
  const run = await bed.run('promoting', { record: await bed.tested('two') });
  const url = (await bed.facts()).url ?? '';
  const users = setInterval(() => fetch(url).catch(() => {}), 20);
  const end = await promoting(bed.parts({ stableForSeconds: 30 }))(run).finally(() => clearInterval(users));
  expect(end.patch.problems?.[0]).toMatchObject({
    code: 'worse',
    message: expect.stringContaining('ended in an error'),
  });
  const watch = end.patch.trafficMoves?.[0]?.watch;
  expect([watch?.ok, watch?.own, (watch?.errors ?? 0) > 0]).toEqual([false, 1, true]);
  expect(watch?.seconds).toBeLessThan(30);
});

test('too few requests prove nothing: back, INVALID, and not remembered as bad', async () => {
  must(await bed.deploy('two', 'next'));
  const run = await bed.run('promoting', { record: await bed.tested('two') });
  const end = await promoting(bed.parts({ traffic: { requestsMin: 50 } }))(run);
  expect(end.facts.result).toBe('worse');
  expect(end.patch.problems).toMatchObject([
    {
      code: 'unproven-traffic',
      message: expect.stringContaining('0 requests of users (and 2 of our own), at least 50'),
    },
  ]);
  expect(await run.memory.badRevision(service, two)).toBeNull();
});

test('our own probes are no users: one user is asked for, and nobody came', async () => {
  must(await bed.deploy('two', 'next'));
  const run = await bed.run('promoting', { record: await bed.tested('two') });
  const end = await promoting(bed.parts({ traffic: { requestsMin: 1 } }))(run);
  expect(end.facts.result).toBe('worse');
  expect(end.patch.problems).toMatchObject([{ code: 'unproven-traffic' }]);
});

test('without health and without users nothing has judged it: back', async () => {
  must(await bed.deploy('two', 'next'));
  const run = await bed.run('promoting', { record: await bed.tested('two') });
  const end = await promoting(bed.parts({ service: { health: [] } }))(run);
  expect(end.facts.result).toBe('worse');
  expect(end.patch.problems).toMatchObject([{ message: expect.stringContaining('no health was asked') }]);
});

test('a platform that refuses says nothing about the candidate: BLOCKED, nothing moved, nothing remembered', async () => {
  must(await bed.deploy('two', 'next'));
  const run = await bed.run('promoting', { record: await bed.tested('two') });
  await bed.fault({ failNext: { method: 'UpdateService', code: 7, message: 'denied', times: 9 } });
  const end = await promoting(bed.parts())(run);
  expect(end.facts.result).toBe('refused');
  expect(end.patch.problems).toMatchObject([{ code: 'permission', blocks: true }]);
  expect(await run.memory.badRevision(service, two)).toBeNull();
  expect(await bed.traffic()).toBe('one:100 two=next');
});

test('someone who moves the traffic between two steps is left alone', async () => {
  must(await bed.deploy('two', 'next'));
  must(await bed.deploy('three', 'other'));
  const run = await bed.run('promoting', { record: await bed.tested('two') });
  const parts = bed.parts({ traffic: { steps: [10, 100] } });
  let moved = false;
  const read = parts.deployer.services;
  const deployer: typeof parts.deployer = {
    ...parts.deployer,
    services: async (names, signal) => {
      const share = (await bed.facts()).traffic.find((one) => one.revision === two && one.percent === 10);
      if (share && !moved) {
        moved = true;
        await someoneMoves(100);
      }
      return read(names, signal);
    },
  };
  const end = await promoting({ ...parts, deployer })(run);
  expect(end.facts).toEqual({ result: 'held', foreign: true });
  expect(end.patch.foreignChanges).toMatchObject([
    { service, what: expect.stringContaining('to chat-web-three 100 %') },
  ]);
  expect(await bed.traffic()).toMatch(/^three:100/);
});

/** Somebody deploys `three` and gives it a share, while loop looks elsewhere. */
async function someoneMoves(percent: number): Promise<void> {
  const request = { key: 'k', service: platformName, revision: `${platformName}-three`, percent, latest: false };
  must(await bed.deployer.moveTraffic(request, new AbortController().signal));
}

test.each([
  ['everything', 100, [100], 'three:100'],
  ['a share', 30, [10, 100], 'three:30 one:70'],
])('someone who moves %s while another service is watched is left alone', async (_what, percent, steps, left) => {
  must(await bed.deploy('two', 'next'));
  must(await bed.deploy('three', 'other'));
  const run = await bed.run('promoting', { record: await bed.tested('two') });
  const planned = await bed.facts();
  await someoneMoves(percent);
  const candidate = { ...(run.record.deployments[1] as Deployment), revision: two };
  const promotion = await promoteService(candidate, planned, bed.parts({ traffic: { steps } }), run);
  expect(promotion).toMatchObject({
    end: 'foreign',
    moves: [],
    change: { service, what: expect.stringContaining('from chat-web-one 100 % to chat-web-') },
  });
  expect(await bed.traffic()).toBe(`${left} two=next three=other`);
});

test('someone who moves the traffic while loop is dead is left alone by the run that goes on', async () => {
  must(await bed.deploy('two', 'next'));
  must(await bed.deploy('three', 'other'));
  const run = await bed.run('promoting', { record: await bed.tested('two') });
  const parts = bed.parts();
  const moveTraffic = async () => Promise.reject(new Error('killed here'));
  const crash = { ...parts, deployer: { ...parts.deployer, moveTraffic } };
  await expect(promoting(crash)(run)).rejects.toThrow('killed here');
  await someoneMoves(100);
  const end = await promoting(parts)(run);
  expect(end.facts).toEqual({ result: 'held', foreign: true });
  expect(end.patch.trafficMoves).toEqual([]);
  expect(await bed.traffic()).toBe('three:100 two=next three=other');
});

test('someone who moves the traffic while loop is dead between its two looks is left alone', async () => {
  must(await bed.deploy('two', 'next'));
  must(await bed.deploy('three', 'other'));
  const run = await bed.run('promoting', { record: await bed.tested('two') });
  const parts = bed.parts();
  let looks = 0;
  const services: typeof parts.deployer.services = async (...asked) => {
    looks += 1;
    if (looks === 2) throw new Error('killed here');
    return parts.deployer.services(...asked);
  };
  await expect(promoting({ ...parts, deployer: { ...parts.deployer, services } })(run)).rejects.toThrow('killed here');
  await someoneMoves(100);
  expect((await promoting(parts)(run)).facts).toEqual({ result: 'held', foreign: true });
  expect(await bed.traffic()).toBe('three:100 two=next three=other');
});

test('a crash after the platform moved the traffic is no change by someone else', async () => {
  must(await bed.deploy('two', 'next'));
  const run = await bed.run('promoting', { record: await bed.tested('two') });
  const parts = bed.parts({ traffic: { steps: [10, 100] } });
  const moveTraffic: typeof parts.deployer.moveTraffic = async (request, signal) => {
    must(await parts.deployer.moveTraffic(request, signal));
    throw new Error('killed here');
  };
  const crash = { ...parts, deployer: { ...parts.deployer, moveTraffic } };
  await expect(promoting(crash)(run)).rejects.toThrow('killed here');
  expect(await bed.traffic()).toBe('two:10 one:90 two=next');
  const end = await promoting(parts)(run);
  expect(end.facts).toEqual({ result: 'held', foreign: false });
  expect(await bed.traffic()).toBe('two:100 two=next');
});

test('a candidate that has most of the traffic already gets the rest', async () => {
  must(await bed.deploy('two', 'next'));
  const request = { key: 'k', service: platformName, revision: two, percent: 60, latest: false };
  must(await bed.deployer.moveTraffic(request, new AbortController().signal));
  const record = await bed.tested('two');
  const deployments = (record.deployments ?? []).map((one) =>
    one.role === 'stable' ? { ...one, revision: `${platformName}-one` } : one,
  );
  const run = await bed.run('promoting', { record: { ...record, deployments } });
  expect((await promoting(bed.parts())(run)).facts.result).toBe('held');
  expect(await bed.traffic()).toBe('two:100 two=next');
});

test('a promotion that goes on after a crash meets its own traffic, and watches it', async () => {
  must(await bed.deploy('two', 'next'));
  const run = await bed.run('promoting', { record: await bed.tested('two') });
  const parts = bed.parts();
  const crash = { ...parts, health: { ...parts.health, check: async () => Promise.reject(new Error('killed here')) } };
  await expect(promoting(crash)(run)).rejects.toThrow('killed here');
  expect(await bed.traffic()).toBe('two:100 two=next');
  const end = await promoting(parts)(run);
  expect(end.facts).toEqual({ result: 'held', foreign: false });
  expect(end.patch.trafficMoves).toMatchObject([{ to: two, percent: 100, watch: { ok: true } }]);
});
