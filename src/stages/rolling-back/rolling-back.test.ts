import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { must, platformName, TrafficBed } from '../../testing/traffic-bed.ts';
import { rollingBack } from './rolling-back.ts';

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
const share = (percent: number) =>
  bed.deployer.moveTraffic(
    { key: 'k', service: platformName, revision: two, percent, latest: false },
    new AbortController().signal,
  );

test('a candidate with a share of the traffic gives it back, and what the next deployment misses is said', async () => {
  const record = await bed.tested('two');
  must(await bed.deploy('two', 'next'));
  must(await share(10));
  const run = await bed.run('rollingBack', { record, task: { expired: true } });
  const end = await rollingBack(bed.parts())(run);
  expect(end.facts.result).toBe('moved');
  expect(await run.memory.pinnedFromLatest('web')).toBe(`${platformName}-one`);
  expect(await bed.traffic()).toBe('one:100 two=next');
  expect(end.patch.trafficMoves).toMatchObject([
    {
      from: two,
      to: `${platformName}-one`,
      allocation: 'revision',
      why: 'rolled back: the time was up before the revision was proven',
      note: expect.stringContaining('update-traffic chat-web --to-latest'),
      tookMs: expect.any(Number),
    },
  ]);
});

test('a split that was found is not forgotten: the move says what it was and the command that restores it', async () => {
  must(await bed.deploy('two', 'next'));
  must(await share(40));
  const record = await bed.tested('three');
  must(await bed.deploy('three', null));
  const end = await rollingBack(bed.parts())(await bed.run('rollingBack', { record }));
  expect(await bed.traffic()).toContain('one:100');
  expect(end.patch.trafficMoves?.[0]?.note).toMatch(
    /--to-revisions chat-web-(two=40,chat-web-one=60|one=60,chat-web-two=40)$/,
  );
});

test('a deployment that was stopped in the middle: the record knows of no candidate, the platform does', async () => {
  const record = await bed.tested('two');
  const run = await bed.run('rollingBack', {
    record: { ...record, deployments: (record.deployments ?? []).slice(0, 1) },
    task: { cancelled: true },
  });
  must(await bed.deploy('two', null, 'well', run.record.run.id));
  expect((await rollingBack(bed.parts())(run)).facts.result).toBe('moved');
  expect((await bed.facts()).serving).toBe(`${platformName}-one`);
});

test('a revision of someone else that took the traffic is left alone', async () => {
  const record = await bed.tested('two');
  const run = await bed.run('rollingBack', { record, task: { cancelled: true } });
  must(await bed.deploy('theirs', null, 'well', 'run-of-theirs'));
  expect((await rollingBack(bed.parts())(run)).said).toBe('no bad revision has traffic any more');
  expect((await bed.facts()).serving).toBe(`${platformName}-theirs`);
});

test.each([
  ['a run that goes on asks a person', {}, [], 1],
  ['a cancelled one asks nobody, and shouts', { cancelled: true }, ['conflict'], 0],
] as const)('across a migration: %s', async (_story, task, problems, asked) => {
  const record = await bed.tested('two');
  must(await bed.deploy('two', null));
  const run = await bed.run('rollingBack', { record, task });
  const end = await rollingBack(bed.parts({ service: { hasMigrations: true } }))(run);
  expect(end.facts.result).toBe('migration-forbids');
  expect((end.patch.problems ?? []).map(({ code }) => code)).toEqual(problems);
  expect(end.patch.approvals ?? []).toHaveLength(asked);
  expect((await bed.facts()).serving).toBe(two);
});

test('what cannot be moved back is tried again, and shouted with the command that does it', async () => {
  const record = await bed.tested('two');
  must(await bed.deploy('two', null));
  await bed.fault({ failNext: { method: 'UpdateService', code: 8, message: 'no quota', times: 99 } });
  const run = await bed.run('rollingBack', { record });
  const end = await rollingBack({ ...bed.parts(), sleep: async () => {} })(run);
  expect(end.facts.result).toBe('failed');
  expect(end.patch.problems).toMatchObject([
    {
      code: 'quota',
      message: expect.stringMatching(/^TRAFFIC of web FROM chat-web-two to chat-web-one WAS NOT MOVED BACK: /),
      hint: expect.stringContaining('update-traffic chat-web --to-revisions chat-web-one=100 --region local'),
    },
  ]);
});
