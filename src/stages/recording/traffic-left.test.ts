import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Control } from '../../core/record.ts';
import { must, platformName, service, TrafficBed } from '../../testing/traffic-bed.ts';
import { rememberKind } from '../allocation-kind.ts';
import { removeFailed, sweepTagged } from '../remove-tagged.ts';
import { trafficLeft } from './traffic-left.ts';

let bed: TrafficBed;
beforeAll(async () => {
  bed = await TrafficBed.create();
});
afterAll(() => bed.remove());
beforeEach(async () => {
  await bed.fresh();
  must(await bed.deploy('one', null));
});

const { signal } = new AbortController();
const [oldTag, headTag] = ['loop-000000000000', 'loop-111111111111'];

test('a candidate that never came up leaves the service as it was found: on LATEST', async () => {
  const { deployments = [] } = await bed.tested('two');
  expect(await bed.traffic()).toBe('LATEST one:100');
  const failure = { code: 'not-started', message: 'it exits', boot: null };
  const failed = deployments.map((one) => (one.role === 'candidate' ? { ...one, revision: null, failure } : one));
  const run = await bed.run('recording', { record: { deployments: failed } });
  await rememberKind(service, await bed.facts(), run);
  expect((await bed.deploy('two', headTag, 'exit', run.record.run.id)).ok).toBe(false);
  expect((await bed.facts()).ready).toBe(false);
  expect(await removeFailed(bed.parts(), run)).toEqual([`${platformName}-two`]);
  expect(await bed.traffic()).toBe('one:100');
  const left = await trafficLeft(bed.parts(), run);
  expect(left).toMatchObject({ problems: [], next: [], moves: [{ allocation: 'latest', verified: true }] });
  expect(await bed.traffic()).toBe('LATEST one:100');
});

test('one that came up and is not proven keeps it pinned: that is said, and remembered for the next promotion', async () => {
  const record = await bed.tested('two');
  const run = await bed.run('recording', { record });
  await rememberKind(service, await bed.facts(), run);
  must(await bed.deploy('two', headTag));
  const left = await trafficLeft(bed.parts(), run);
  expect(left.moves).toEqual([]);
  expect(left.next).toMatchObject([{ what: 'serve chat-web as LATEST again with the next promotion', who: 'loop' }]);
  expect(left.next[0]?.because).toContain('--to-latest');
  expect(await run.memory.pinnedFromLatest(service)).toBe(`${platformName}-one`);
});

test('a pin that a person set during the run stays', async () => {
  const { deployments = [] } = await bed.tested('one');
  expect(await bed.traffic()).toBe('LATEST one:100');
  await bed.deploy('theirs', 'x', 'exit', 'run-of-theirs');
  must(await bed.deployer.remove({ key: 'k', service: platformName, revision: `${platformName}-theirs` }, signal));
  expect(await bed.traffic()).toBe('one:100');
  const record = { deployments: deployments.filter((one) => one.role === 'stable') };
  const run = await bed.run('recording', { record });
  expect(await trafficLeft(bed.parts(), run)).toEqual({ moves: [], problems: [], next: [] });
  expect(await run.memory.pinnedFromLatest(service)).toBe(null);
});

test('below level act a bad revision that serves is shouted, not moved', async () => {
  must(await bed.deploy('two', null));
  const record = await bed.tested('two');
  const sides = (revision: string, runs: string) => ({ revision: `${platformName}-${revision}`, runs });
  const control: Control = {
    suite: 'page',
    test: 'it answers',
    first: 'F',
    candidate: sides('two', 'FFF'),
    reference: sides('one', 'PPP'),
    means: 'revision',
    note: null,
    evidence: ['E1'],
  };
  const run = await bed.run('recording', { record: { ...record, control: [control] } });
  const left = await trafficLeft(bed.parts({ options: { level: 'propose' } }), run);
  expect(left.problems).toMatchObject([
    {
      code: 'bad-with-traffic',
      message: expect.stringContaining('A BAD REVISION SERVES: chat-web-two of web is red (FFF) where chat-web-one'),
      hint: expect.stringContaining('--to-revisions chat-web-one=100'),
    },
  ]);
  expect((await bed.facts()).serving).toBe(`${platformName}-two`);
});

test('a sweep removes what dead runs left, never what serves, what is foreign, or the candidate of HEAD', async () => {
  const dead = await bed.run('recording');
  const id = dead.record.run.id;
  must(await bed.deploy('dead', oldTag, 'well', id));
  must(await bed.deploy('fix', 'fix-abc-1', 'well', id));
  must(await bed.deploy('head', headTag, 'well', id));
  must(await bed.deploy('stranger', 'loop-222222222222', 'well', 'run-elsewhere'));
  must(await bed.deploy('theirs', 'green', 'well', id));
  const before = await bed.run('preparing');
  expect(await sweepTagged(headTag, bed.parts(), before)).toEqual([]);
  await bed.finish(id);
  const run = await bed.run('preparing');
  const removed = await sweepTagged(headTag, bed.parts(), run);
  expect(removed.sort()).toEqual([`${platformName}-dead`, `${platformName}-fix`]);
  expect(await bed.traffic()).toBe(`one:100 head=${headTag} stranger=loop-222222222222 theirs=green`);
});

test('the latest created revision cannot be deleted: that is said', async () => {
  const run = await bed.run('recording');
  must(await bed.deploy('last', oldTag, 'well', run.record.run.id));
  expect(await sweepTagged(headTag, bed.parts(), run)).toEqual([`${platformName}-last`]);
  expect(run.notes).toEqual(['chat-web-last has no tag any more; the platform keeps it until there is a newer one']);
  expect(await bed.traffic()).toBe('one:100');
});
