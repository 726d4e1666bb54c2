import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Failure, type Result, succeed } from '../../core/result.ts';
import { type Emulator, startEmulator } from '../../emulator/server.ts';
import type { CandidateRequest, Deployer, ServiceFacts } from '../../ports/deployer.ts';
import { type GoogleClients, googleClients } from '../google/clients.ts';
import { localImagesBuilder } from '../local-images/local-images.ts';
import { changeService } from './change-service.ts';
import { cloudRunDeployer } from './cloud-run.ts';
import { moveTraffic } from './move-traffic.ts';
import { cloudRunPlatform, type Platform } from './platform.ts';
import { allTo } from './traffic-plan.ts';
import { toLatest, toRevision, type WireTraffic } from './wire.ts';

const app = `
const http = require('node:http');
if (process.env.MODE === 'exit') process.exit(3);
const server = http.createServer((request, response) => response.end(process.env.K_REVISION + ' ' + process.env.MODE));
server.listen(process.env.PORT, '127.0.0.1');
`;
const commit = 'c0ffee'.padEnd(40, '0');
const signal = new AbortController().signal;
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let stateFolder = '';
let image = '';
let digest: string | null = null;
let emulator: Emulator | null = null;
let state: Emulator['state'];
let clients: GoogleClients;
let deployer: Deployer;
let platform: Platform;

beforeAll(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), 'loop-cloud-run-'));
  const archive = async ({ folder }: { folder: string }): Promise<Result<null>> => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'server.js'), app);
    return succeed(null);
  };
  const builder = localImagesBuilder({ stateFolder, repo: 'chat', repository: { archive }, link: null });
  ({ image, digest } = must(await builder.build({ commit, path: 'auth' }, signal)));
  emulator = must(await startEmulator({ stateFolder, version: '0', log, searchPath: process.env.PATH ?? '' }));
  state = emulator.state;
  const { ports, token } = state;
  const endpoints = { run: `http://127.0.0.1:${ports.grpc}` };
  clients = googleClients({ project: 'demo', userAgent: 'loop/test', endpoints, token });
  deployer = deployerWith({});
  platform = cloudRunPlatform(clients.run, 'demo', 'local');
});

afterAll(async () => {
  await clients?.close();
  await stopEmulator();
  await rm(stateFolder, { recursive: true, force: true });
});

async function stopEmulator(): Promise<void> {
  const running = emulator;
  emulator = null;
  await running?.close();
}

function deployerWith(options: Partial<Parameters<typeof cloudRunDeployer>[0]>): Deployer {
  const given = { clients, project: 'demo', region: 'local', readyTimeoutMs: 20_000, imageStore: stateFolder };
  return cloudRunDeployer({ ...given, ...options });
}

function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.failure.code}: ${result.failure.message}`);
}

function failureOf(result: Result<unknown>): Failure {
  if (result.ok) throw new Error('expected a failure');
  return result.failure;
}

function candidate(service: string, suffix: string, tag: string | null, mode = 'well'): CandidateRequest {
  const revision = `${service}-${suffix}`;
  return {
    key: `1/deploy/${revision}`,
    service,
    revision,
    tag,
    container: { image, command: ['node', 'server.js'], env: { MODE: mode }, settings: {} },
    labels: { 'commit-sha': commit, 'loop-run': 'run-1', 'loop-config': 'abc' },
  };
}

async function deploy(service: string, suffix: string, tag: string | null, mode = 'well') {
  return deployer.deploy(candidate(service, suffix, tag, mode), signal);
}

async function factsOf(service: string): Promise<ServiceFacts> {
  const facts = must(await deployer.services([service], signal)).get(service);
  if (facts === undefined) throw new Error(`no service ${service}`);
  return facts;
}

/** `a-one:100 a-two=next`: shares first, then tags. */
async function trafficOf(service: string): Promise<string> {
  const words = (await factsOf(service)).traffic.map(
    ({ revision, percent, tag, latest }) =>
      `${latest ? 'LATEST ' : ''}${revision}${percent > 0 ? `:${percent}` : ''}${tag === null ? '' : `=${tag}`}`,
  );
  return words.join(' ');
}

async function control(path: string, body?: object): Promise<unknown> {
  const { ports, token } = state;
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(`http://127.0.0.1:${ports.control}${path}`, { ...init, headers });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

/** How many changes of the service the platform saw: what a repeated call must not raise. */
async function effectsOn(service: string): Promise<number> {
  const answer = (await control('/ledger')) as { name: string }[] | { rows: { name: string }[] };
  const rows = Array.isArray(answer) ? answer : answer.rows;
  return rows.filter(({ name }) => name.includes(`/services/${service}`) || name === service).length;
}

async function bodyOf(url: string | null | undefined): Promise<string> {
  return (await fetch(url ?? '')).text();
}

describe('from the first deployment to a candidate that takes over', () => {
  it('the first deployment serves at once, and tells what it is', async () => {
    const deployed = must(await deploy('first', 'one', null));
    expect(deployed).toMatchObject({
      name: 'first-one',
      service: 'first',
      image,
      digest,
      commit,
      commitFrom: 'label',
      madeBy: 'run-1',
      configHash: 'abc',
      ready: true,
      message: null,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const facts = await factsOf('first');
    expect(facts).toMatchObject({ ready: true, serving: 'first-one', latestReady: 'first-one', message: null });
    expect(await bodyOf(facts.url)).toBe('first-one well');
  });

  it('a candidate is reached by its tag only, and what serves is pinned by name', async () => {
    must(await deploy('first', 'two', 'next'));
    expect(await trafficOf('first')).toBe('first-one:100 first-two=next');
    const facts = await factsOf('first');
    const tagged = facts.traffic.find(({ tag }) => tag === 'next');
    expect([await bodyOf(facts.url), await bodyOf(tagged?.url)]).toEqual(['first-one well', 'first-two well']);
    expect(facts).toMatchObject({ serving: 'first-one', latestReady: 'first-two' });
  });

  it('the same call again finds what it made', async () => {
    const before = await effectsOn('first');
    expect(must(await deploy('first', 'two', 'next'))).toMatchObject({ name: 'first-two', ready: true });
    expect(await effectsOn('first')).toBe(before);
    expect(before).toBeGreaterThan(0);
  });

  it('traffic moves as a whole, tags stay, and a second call changes nothing', async () => {
    const request = { key: 'k', service: 'first', revision: 'first-two', percent: 100, latest: false };
    expect(must(await deployer.moveTraffic(request, signal)).serving).toBe('first-two');
    expect(await trafficOf('first')).toBe('first-two:100 first-two=next');
    const before = await effectsOn('first');
    must(await deployer.moveTraffic(request, signal));
    expect(await effectsOn('first')).toBe(before);
    const unknown = await deployer.moveTraffic({ ...request, revision: 'first-none' }, signal);
    expect(failureOf(unknown).message).toContain('first-none');
    expect((await factsOf('first')).serving).toBe('first-two');
    must(await deployer.moveTraffic(request, signal));
  });

  it('without a tag the new revision serves, older tags stay, and what served before keeps an address', async () => {
    must(await deploy('first', 'three', null));
    expect(await trafficOf('first')).toBe('first-three:100 first-two=next first-two=loop-reference');
  });

  it('lists its revisions', async () => {
    const names = must(await deployer.revisions('first', signal)).map(({ name }) => name);
    expect(names.sort()).toEqual(['first-one', 'first-three', 'first-two']);
    expect(failureOf(await deployer.revision('first', 'first-none', signal)).code).toBe('not-found');
  });
});

describe('a share of the traffic', () => {
  const move = (revision: string, percent: number, latest = false) =>
    deployer.moveTraffic({ key: 'k', service: 'steps', revision, percent, latest }, signal);

  it('moves step by step, and tags stay', async () => {
    must(await deploy('steps', 'one', null));
    must(await deploy('steps', 'two', 'next'));
    must(await move('steps-two', 10));
    expect(await trafficOf('steps')).toBe('steps-two:10 steps-one:90 steps-two=next');
    expect((await factsOf('steps')).serving).toBe('steps-one');
    must(await move('steps-two', 60));
    expect(await trafficOf('steps')).toBe('steps-two:60 steps-one:40 steps-two=next');
  });

  it('all of it is served as LATEST where that is asked for and the revision is the latest', async () => {
    must(await move('steps-two', 100, true));
    expect(await trafficOf('steps')).toBe('LATEST steps-two:100 steps-two=next');
    const before = await effectsOn('steps');
    must(await move('steps-two', 100, true));
    must(await move('steps-two', 100));
    expect(await effectsOn('steps')).toBe(before);
  });

  it('an older revision is served by its name, whatever was asked for', async () => {
    expect(must(await move('steps-one', 100, true)).traffic[0]).toMatchObject({ revision: 'steps-one', latest: false });
  });

  it('only from the split that is expected, or where it is already done', async () => {
    const expected = [{ revision: 'steps-one', percent: 100 }];
    const step = { key: 'k', service: 'steps', revision: 'steps-two', percent: 10, latest: false };
    must(await deployer.moveTraffic({ ...step, expected }, signal));
    const before = await effectsOn('steps');
    must(await deployer.moveTraffic({ ...step, expected }, signal));
    const other = await deployer.moveTraffic({ ...step, percent: 50, expected }, signal);
    expect(failureOf(other)).toMatchObject({
      code: 'conflict',
      message: 'steps was to be moved from steps-one 100 %, but serves steps-two 10 %, steps-one 90 %',
    });
    expect(await effectsOn('steps')).toBe(before);
    must(await move('steps-one', 100));
  });

  it('a tag of someone else on LATEST is left there, and a platform that pins it is told', async () => {
    const live: WireTraffic = { type: toLatest, tag: 'live' };
    const pinned: WireTraffic = { type: toRevision, revision: 'steps-three', tag: 'live' };
    const service = { traffic: [...allTo((await factsOf('steps')).traffic, 'steps-one'), live] };
    must(await changeService(platform, 'steps', () => ({ service, mask: ['traffic'] }), signal));
    must(await move('steps-two', 10));
    expect(await trafficOf('steps')).toBe('steps-two:10 steps-one:90 steps-two=next LATEST steps-two=live');
    must(await deploy('steps', 'three', 'other'));
    expect(await trafficOf('steps')).toContain('LATEST steps-three=live');
    const pinning: Platform = {
      ...platform,
      update: (name, change, ...rest) => {
        const traffic = change.traffic?.map((one) => (one.tag === 'live' ? pinned : one));
        return platform.update(name, { ...change, ...(traffic ? { traffic } : {}) }, ...rest);
      },
    };
    const moved = await moveTraffic(pinning, 'steps', { revision: 'steps-one', percent: 100, latest: false }, signal);
    expect(failureOf(moved).message).toBe('the tags live=LATEST of steps are gone');
  });

  it('there must be something to serve the rest', async () => {
    expect(failureOf(await move('steps-one', 10)).message).toContain('nothing beside steps-one');
  });
});

describe('a revision that does not come up', () => {
  it('says why in the words of the platform, and what serves goes on', async () => {
    must(await deploy('boot', 'good', null));
    const failed = failureOf(await deploy('boot', 'bad', 'next', 'exit'));
    expect(failed.code).toBe('not-started');
    expect(failed.message).toMatch(/failed to start and listen on the port/);
    const again = failureOf(await deploy('boot', 'bad', 'next', 'exit'));
    expect(again).toEqual(failed);
    expect(await bodyOf((await factsOf('boot')).url)).toBe('boot-good well');
    expect(must(await deployer.revision('boot', 'boot-bad', signal))).toMatchObject({ ready: false });
  });

  it('is routed to by nobody once it is removed, and gone once a newer one is there', async () => {
    const request = { key: 'k', service: 'boot', revision: 'boot-bad', percent: 100, latest: false };
    expect(must(await deployer.remove(request, signal))).toBe('unrouted');
    expect(await trafficOf('boot')).toBe('boot-good:100');
    must(await deploy('boot', 'better', 'next'));
    expect(await factsOf('boot')).toMatchObject({ ready: true, serving: 'boot-good' });
    expect(must(await deployer.remove(request, signal))).toBe('deleted');
    expect(failureOf(await deployer.revision('boot', 'boot-bad', signal)).code).toBe('not-found');
  });

  it('an image that is not there is told by name', async () => {
    const request = candidate('boot', 'ghost', 'ghost');
    const ghost = `loop.local/chat/auth@${'0'.repeat(40)}`;
    const container = { ...request.container, image: ghost };
    const failed = failureOf(await deployer.deploy({ ...request, container }, signal));
    expect(failed).toMatchObject({
      code: 'not-started',
      message: expect.stringContaining(`Image '${ghost}' not found`),
    });
    must(await deployer.remove({ key: 'k', service: 'boot', revision: 'boot-ghost' }, signal));
  });

  it('a service whose first revision failed serves nothing, and comes up with the next one', async () => {
    expect(failureOf(await deploy('late', 'one', null, 'exit')).code).toBe('not-started');
    expect(await factsOf('late')).toMatchObject({ ready: false, serving: null, message: expect.any(String) });
    must(await deploy('late', 'two', 'next'));
    expect(await factsOf('late')).toMatchObject({ ready: true, serving: 'late-two' });
  });
});

describe('removing', () => {
  it('leaves alone what serves, and calls success what is gone', async () => {
    must(await deploy('gone', 'one', null));
    must(await deploy('gone', 'two', 'next'));
    const remove = (revision: string, service = 'gone') => deployer.remove({ key: 'k', service, revision }, signal);
    expect(failureOf(await remove('gone-one'))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('serves'),
    });
    must(await remove('gone-two'));
    expect(await trafficOf('gone')).toBe('gone-one:100');
    must(await remove('gone-two'));
    must(await remove('nothing-one', 'nothing'));
  });
});

describe('someone else at work', () => {
  it('a write that met another one is planned again, not for ever', async () => {
    must(await deploy('busy', 'one', null));
    const aborted = { method: 'UpdateService', code: 10, message: 'Conflict for resource busy' };
    await control('/faults', { failNext: { ...aborted, times: 2 } });
    must(await deploy('busy', 'two', 'next'));
    await control('/faults', { failNext: { ...aborted, times: 9 } });
    expect(failureOf(await deploy('busy', 'three', 'other')).code).toBe('conflict');
    await control('/faults', {});
  });

  it('traffic that someone else moved meanwhile is not moved back', async () => {
    let met = false;
    const interrupted: Platform = {
      ...platform,
      update: async (...change) => {
        if (!met)
          must(
            await deployer.moveTraffic(
              { key: 'k', service: 'busy', revision: 'busy-two', percent: 100, latest: false },
              signal,
            ),
          );
        met = true;
        return platform.update(...change);
      },
    };
    const back = await changeService(
      interrupted,
      'busy',
      (facts) => ({ service: { traffic: allTo(facts.traffic, 'busy-one') }, mask: ['traffic'] }),
      signal,
    );
    expect(failureOf(back)).toMatchObject({ code: 'conflict', message: expect.stringContaining('someone else') });
    expect((await factsOf('busy')).serving).toBe('busy-two');
  });

  it('a revision of that name by another run is a conflict', async () => {
    const request = candidate('busy', 'two', 'next');
    const foreign = { ...request, labels: { ...request.labels, 'loop-run': 'run-2' } };
    expect(failureOf(await deployer.deploy(foreign, signal))).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('run-1'),
    });
  });

  it('settings that we do not name are kept', async () => {
    const read = must(await platform.service('busy', signal));
    const [container] = read.template?.containers ?? [];
    const env = [...(container?.env ?? []), { name: 'THEIRS', value: '1' }];
    const resources = { limits: { memory: '256Mi' } };
    const template = { ...read.template, revision: 'busy-theirs', containers: [{ ...container, env, resources }] };
    const changed = await changeService(
      platform,
      'busy',
      () => ({ service: { template }, mask: ['template'] }),
      signal,
    );
    must(changed);
    must(await deploy('busy', 'four', 'next', 'four'));
    const [kept] = must(await platform.revision('busy', 'busy-four', signal)).containers ?? [];
    expect(kept?.resources?.limits).toEqual({ memory: '256Mi' });
    expect(kept?.env?.map(({ name, value }) => `${name}=${value}`).sort()).toEqual(['MODE=four', 'THEIRS=1']);
  });

  it('a revision of theirs that keeps our labels is not ours, in a list and alone', async () => {
    const step = candidate('copied', 'one', null);
    must(await deployer.deploy({ ...step, labels: { ...step.labels, 'loop-step': 'k' } }, signal));
    const { template } = must(await platform.service('copied', signal));
    const theirs = { service: { template: { ...template, revision: 'copied-theirs' } }, mask: ['template'] };
    must(await changeService(platform, 'copied', () => theirs, signal));
    const kept = must(await platform.revision('copied', 'copied-theirs', signal)).labels;
    expect(kept).toMatchObject({ 'loop-run': 'run-1', 'commit-sha': commit });
    const copied = { madeBy: null, configHash: null, stepKey: null, commitFrom: 'image' };
    expect(must(await deployer.revision('copied', 'copied-theirs', signal))).toMatchObject(copied);
    const listed = must(await deployer.revisions('copied', signal));
    expect(listed.find(({ name }) => name === 'copied-theirs')).toMatchObject(copied);
    const own = { madeBy: 'run-1', configHash: 'abc', stepKey: 'k', commitFrom: 'label' };
    expect(listed.find(({ name }) => name === 'copied-one')).toMatchObject(own);
  });
});

describe('time and interruption', () => {
  it('a deployment that outlasts us is a timeout; the same call later finds it', async () => {
    must(await deploy('slow', 'one', null));
    await control('/faults', { service: 'slow', readySlowMs: 900 });
    const hasty = deployerWith({ readyTimeoutMs: 250 });
    expect(failureOf(await hasty.deploy(candidate('slow', 'two', 'next'), signal)).code).toBe('timeout');
    const before = await effectsOn('slow');
    must(await deploy('slow', 'two', 'next'));
    expect(await effectsOn('slow')).toBe(before);
    expect(await trafficOf('slow')).toBe('slow-one:100 slow-two=next');
  });

  it('stops at the signal', async () => {
    await control('/faults', { service: 'slow', readySlowMs: 900 });
    const stopped = await deployer.deploy(candidate('slow', 'three', 'next'), AbortSignal.timeout(200));
    expect(failureOf(stopped).code).toBe('cancelled');
    await control('/faults', {});
  });
});

it('services that are not there are left out', async () => {
  const services = must(await deployer.services(['first', 'nobody'], signal));
  expect([...services.keys()]).toEqual(['first']);
});

describe('a platform that does not let us, or is gone', () => {
  it('a wrong token is a matter of permission', async () => {
    const endpoints = { run: `http://127.0.0.1:${state.ports.grpc}` };
    const strangers = googleClients({ project: 'demo', userAgent: 'loop/test', endpoints, token: 'wrong' });
    const stranger = deployerWith({ clients: strangers });
    for (const result of [
      await stranger.services(['first'], signal),
      await stranger.deploy(candidate('first', 'nine', 'nine'), signal),
      await stranger.moveTraffic(
        { key: 'k', service: 'first', revision: 'first-one', percent: 100, latest: false },
        signal,
      ),
      await stranger.remove({ key: 'k', service: 'first', revision: 'first-one' }, signal),
    ]) {
      expect(failureOf(result)).toMatchObject({
        code: 'permission',
        hint: expect.stringContaining('credentials are not valid'),
      });
    }
    await strangers.close();
  });

  it('an emulator that is gone is unavailable, at once', async () => {
    await stopEmulator();
    for (const result of [
      await deployer.services(['first'], signal),
      await deployer.deploy(candidate('first', 'nine', 'nine'), signal),
    ]) {
      expect(failureOf(result)).toMatchObject({ code: 'unavailable' });
    }
  });
});
