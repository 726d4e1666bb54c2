import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fail, type Result, succeed } from '../../core/result.ts';
import type { Emulator } from '../../emulator/server.ts';
import { makeStateFolder, removeFolder, startTestEmulator, writeImage } from '../../emulator/test-bed.ts';
import type { ContainerSpec, Deployer } from '../../ports/deployer.ts';
import { type GoogleApi, type GoogleClients, googleClients, type RunClients } from '../google/clients.ts';
import { backoff } from './backoff.ts';
import { cloudRunDeployer } from './cloud-run.ts';
import { waitingRoom } from './waiting-room.ts';
import type { WireService } from './wire.ts';

const signal = new AbortController().signal;
const app = "require('node:http').createServer((q, r) => r.end()).listen(process.env.PORT, process.env.HOST);";

describe('many who wait on one platform', () => {
  let folder = '';
  let emulator: Emulator;
  let clients: GoogleClients;
  let deployer: Deployer;
  const calls: string[] = [];

  beforeAll(async () => {
    folder = makeStateFolder();
    emulator = await startTestEmulator(folder);
    const { ports, token } = emulator.state;
    clients = googleClients({
      project: 'demo',
      userAgent: 'loop/test',
      endpoints: { run: `http://127.0.0.1:${ports.grpc}` },
      token,
    });
    const counted: GoogleApi<RunClients> = {
      call: (request, until) => {
        calls.push(request.what);
        return clients.run.call(request, until);
      },
    };
    const place = { project: 'demo', region: 'local', imageStore: folder };
    deployer = cloudRunDeployer({ clients: { run: counted }, ...place, readyTimeoutMs: 60_000 });
  });

  afterAll(async () => {
    await clients?.close();
    await emulator?.close();
    removeFolder(folder);
  });

  const deploy = (service: string, settings: ContainerSpec['settings'] = {}) =>
    deployer.deploy(
      {
        key: service,
        service,
        revision: `${service}-1`,
        tag: null,
        container: { image: writeImage(folder, 'app', app), command: ['node', 'server.js'], env: {}, settings },
        labels: { 'loop-run': 'r' },
      },
      signal,
    );

  /** Each revision needs so much longer to become ready. */
  const slowly = async (readySlowMs: number) => {
    const { ports, token } = emulator.state;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ readySlowMs });
    const answer = await fetch(`http://127.0.0.1:${ports.control}/faults`, { method: 'POST', headers, body });
    expect(answer.ok).toBe(true);
  };

  it('20 deployments share one list call a round, and ask for themselves only at their end', async () => {
    await slowly(1_500);
    calls.length = 0;
    const names = Array.from({ length: 20 }, (_one, index) => `many-${index}`);
    const deployed = await Promise.all(names.map((name) => deploy(name)));
    expect(deployed.filter((one) => !one.ok)).toEqual([]);
    const lists = calls.filter((call) => call.startsWith('read the services')).length;
    const operations = calls.filter((call) => call.startsWith('read operation')).length;
    // Several rounds: each of the 20 for itself would have read its operation in every one of them.
    expect(lists).toBeGreaterThanOrEqual(2);
    expect(operations).toBeLessThan(2 * names.length);
    await slowly(0);
  }, 60_000);

  it('settings that were asked for are read back from the revision', async () => {
    const wanted = { memory: '256Mi', cpu: '1', concurrency: 7, timeoutSeconds: 30, maxInstances: 2 };
    const made = await deploy('with-settings', wanted);
    expect(made).toMatchObject({
      ok: true,
      value: { settings: { memory: '256Mi', cpu: '1', concurrency: '7', timeout: '30 s', 'max instances': '2' } },
    });
  });
});

describe('rounds', () => {
  const service = (reconciling: boolean): WireService => ({ name: 'p/services/one', reconciling });
  const wait = { what: 'it', service: 'one', looksDone: (one: WireService) => !one.reconciling, isDone: () => true };
  const room = (answers: readonly Result<WireService[]>[]) => {
    let rounds = 0;
    const list = async () => answers[Math.min(rounds++, answers.length - 1)] ?? succeed([]);
    const pauses: number[] = [];
    const sleep = async (ms: number) => pauses.push(Math.round(ms)) > 0;
    return { room: waitingRoom(list, () => 0.5, sleep), rounds: () => rounds, pauses };
  };

  it('a platform that is busy or away is asked again', async () => {
    const busy = [fail('quota', '429'), fail('unavailable', '503'), fail('timeout', 'late')];
    const { room: waits, rounds } = room([...busy, succeed([service(true)]), succeed([service(false)])]);
    let asked = 0;
    const ask = async () => (asked++ === 0 ? fail('unavailable', '503') : succeed('done'));
    expect(await waits.until({ ...wait, ask }, signal)).toEqual(succeed('done'));
    expect([rounds(), asked]).toEqual([6, 2]);
  });

  it('a refusal ends every wait, and whoever comes later is looked after', async () => {
    const { room: waits } = room([fail('permission', '403'), succeed([service(false)])]);
    const ask = async () => succeed('done');
    const both = [waits.until({ ...wait, ask }, signal), waits.until({ ...wait, ask }, signal)];
    expect(await Promise.all(both)).toMatchObject([
      { failure: { code: 'permission' } },
      { failure: { code: 'permission' } },
    ]);
    expect(await waits.until({ ...wait, ask }, signal)).toEqual(succeed('done'));
  });

  it('who gives up leaves the others waiting', async () => {
    const stop = new AbortController();
    const { room: waits } = room([succeed([service(true)]), succeed([service(true)]), succeed([service(false)])]);
    const gone = waits.until({ ...wait, what: 'revision r', ask: async () => succeed('done') }, stop.signal);
    const other = waits.until({ ...wait, ask: async () => succeed('done') }, signal);
    stop.abort();
    expect(await gone).toEqual(fail('cancelled', 'stopped waiting for revision r'));
    expect(await other).toEqual(succeed('done'));
  });

  it('a listing that never says so is not believed for ever', async () => {
    const { room: waits, rounds, pauses } = room([succeed([service(true)])]);
    expect(await waits.until({ ...wait, ask: async () => succeed('done') }, signal)).toEqual(succeed('done'));
    expect(rounds()).toBe(15);
    expect(pauses).toEqual([50, 80, 128, 205, 328, 524, 839, 1342, 2000, 2000, 2000, 2000, 2000, 2000, 2000]);
  });

  it('the pauses of two processes drift apart', () => {
    const [low, high] = [backoff(() => 0), backoff(() => 1)];
    expect([Math.round(low.nextMs()), Math.round(high.nextMs())]).toEqual([40, 60]);
  });
});
