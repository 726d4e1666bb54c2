import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { must, platformName, service, TrafficBed } from '../../testing/traffic-bed.ts';
import { rollingBack } from '../rolling-back/rolling-back.ts';
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
    { code: 'unproven-traffic', message: expect.stringContaining('2 requests (2 of them our own), at least 50') },
  ]);
  expect(await run.memory.badRevision(service, two)).toBeNull();
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
        const request = {
          key: 'k',
          service: platformName,
          revision: `${platformName}-three`,
          percent: 100,
          latest: false,
        };
        must(await bed.deployer.moveTraffic(request, signal));
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
