import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { protos } from '@google-cloud/run';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmulatorInfo, ensureEmulator, readEmulator, stopEmulator } from './client.ts';
import { markProcess } from './process-group.ts';
import { askControl } from './read-emulator.ts';
import { stateFiles } from './state.ts';
import {
  helloApp,
  makeClients,
  makeStateFolder,
  parent,
  refusalOf,
  removeFolder,
  template,
  writeImage,
} from './test-bed.ts';

const byName = 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION' as const;
/** Inside node_modules, so that the bundle finds the packages that it leaves outside. */
const bundleFolder = join(process.cwd(), 'node_modules', '.cache', `loop-emulator-${process.pid}`);
const program = join(bundleFolder, 'serve.mjs');
const { signal } = new AbortController();
let folder: string;

beforeAll(async () => {
  mkdirSync(bundleFolder, { recursive: true });
  const contents = `
    import { runEmulator } from './main.ts';
    const log = { debug() {}, info(facts, text) { console.log(text, facts); }, warn: console.log, error: console.log };
    const [stateFolder, idleMinutes] = process.argv.slice(2);
    process.exit(await runEmulator({ stateFolder, version: '1.0.0', log, searchPath: process.env.PATH, idleMinutes: Number(idleMinutes) }));`;
  const stdin = { contents, resolveDir: import.meta.dirname, loader: 'ts' as const };
  await build({ stdin, bundle: true, platform: 'node', format: 'esm', packages: 'external', outfile: program });
});
afterAll(() => rmSync(bundleFolder, { recursive: true, force: true }));
beforeEach(() => {
  folder = makeStateFolder();
});
afterEach(async () => {
  await stopEmulator(folder, signal);
  removeFolder(folder);
});

function ensure() {
  const command = [process.execPath, program, folder, '30'] as const;
  return ensureEmulator({ stateFolder: folder, command: [...command], env: { PATH: process.env.PATH ?? '' }, signal });
}

async function ensured(): Promise<EmulatorInfo> {
  const result = await ensure();
  if (!result.ok) throw new Error(`${result.failure.message} ${result.failure.hint}`);
  return result.value;
}

async function untilGone(pid: number): Promise<void> {
  while (markProcess(pid) !== null) await new Promise((resolve) => setTimeout(resolve, 10));
}

function get(info: EmulatorInfo, path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve) => {
    request(`${info.urls.control}${path}`, { headers }, (response) => resolve(response.resume().statusCode)).end();
  });
}

async function revisionOf(url: string | null | undefined): Promise<string> {
  return ((await (await fetch(`${url}`)).json()) as { revision: string }).revision;
}

it('two callers at once start one, a third finds it, and it ends when it is told to', async () => {
  const [one, two] = await Promise.all([ensured(), ensured()]);
  expect(two.pid).toBe(one.pid);
  expect((await ensured()).pid).toBe(one.pid);
  expect(await stopEmulator(folder, signal)).toEqual({ ok: true, value: { stopped: true } });
  expect(markProcess(one.pid)).toBeNull();
  expect(await readEmulator(folder, signal)).toEqual({ ok: true, value: { state: 'stopped' } });
  expect(await stopEmulator(folder, signal)).toEqual({ ok: true, value: { stopped: false } });
});

it('after a SIGKILL it serves the same revisions on the same ports, and nothing old is left running', async () => {
  const first = await ensured();
  const clients = makeClients(first);
  const image = writeImage(folder, 'hello', helloApp);
  const name = `${parent}/services/chat`;
  const stable = { type: byName, revision: 'chat-r1', percent: 100 };
  const created = { template: template(image, { revision: 'chat-r1' }) };
  await clients.services
    .createService({ parent, serviceId: 'chat', service: created }, clients.call)
    .then(([o]) => o.promise());
  const service = {
    name,
    template: template(image, { revision: 'chat-r2', env: { GREETING: 'new' } }),
    traffic: [stable, { type: byName, revision: 'chat-r2', percent: 0, tag: 'try' }],
  };
  await clients.services.updateService({ service }, clients.call).then(([o]) => o.promise());
  const [before] = await clients.services.getService({ name }, clients.call);
  const groups = JSON.parse(readFileSync(stateFiles(folder).instances, 'utf8')) as { pid: number; startedAt: string }[];
  expect(groups).toHaveLength(2);

  process.kill(first.pid, 'SIGKILL');
  await untilGone(first.pid);
  const second = await ensured();
  expect(second.pid).not.toBe(first.pid);
  expect({ ports: second.ports, token: second.token }).toEqual({ ports: first.ports, token: first.token });
  const [after] = await clients.services.getService({ name }, clients.call);
  expect(after).toEqual(before);
  expect(await revisionOf(after.uri)).toBe('chat-r1');
  expect(await revisionOf(after.trafficStatuses?.[1]?.uri)).toBe('chat-r2');
  for (const group of groups) expect(markProcess(group.pid)?.startedAt).not.toBe(group.startedAt);
  const [entries] = await clients.logs.listLogEntries(
    { resourceNames: ['projects/demo'], filter: 'protoPayload.methodName:"CreateService" severity=NOTICE' },
    clients.call,
  );
  expect(entries).toHaveLength(1);

  await stopEmulator(folder, signal);
  const left = JSON.parse(readFileSync(stateFiles(folder).instances, 'utf8'));
  expect(left).toEqual([]);
});

it('an operation that a SIGKILL cut off is carried out by the next emulator', async () => {
  const first = await ensured();
  const clients = makeClients(first);
  const image = writeImage(folder, 'hello', helloApp);
  await fetch(`${first.urls.control}/faults`, {
    method: 'POST',
    headers: { authorization: `Bearer ${first.token}` },
    body: JSON.stringify({ service: 'slow', readySlowMs: 30_000 }),
  });
  const request = { parent, serviceId: 'slow', service: { template: template(image) } };
  const [operation] = await clients.services.createService(request, clients.call);
  process.kill(first.pid, 'SIGKILL');
  await untilGone(first.pid);
  await ensured();
  const resumed = { name: `${operation.name}` } as protos.google.longrunning.GetOperationRequest;
  const isDone = async () => (await clients.services.operationsClient.getOperation(resumed, clients.call))[0].done;
  while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 20));
  const [service] = await clients.services.getService({ name: `${parent}/services/slow` }, clients.call);
  expect(await revisionOf(service.uri)).toBe(service.latestReadyRevision?.split('/').at(-1));
});

it('stopped while a revision boots, it leaves no process, and the operation to the next emulator', async () => {
  const info = await ensured();
  const clients = makeClients(info);
  const image = writeImage(folder, 'deaf', 'setInterval(() => {}, 1000);');
  await clients.services.createService(
    { parent, serviceId: 'deaf', service: { template: template(image) } },
    clients.call,
  );
  const running = () => JSON.parse(readFileSync(stateFiles(folder).instances, 'utf8')) as { pid: number }[];
  while (running().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const pids = running().map(({ pid }) => pid);
  expect(await stopEmulator(folder, signal)).toEqual({ ok: true, value: { stopped: true } });
  expect(pids.map(markProcess)).toEqual([null]);
  const state = JSON.parse(readFileSync(stateFiles(folder).run, 'utf8'));
  expect(state).toMatchObject({ revisions: [{ state: 'starting' }], operations: [{ done: false }] });
});

describe('the control API', () => {
  it('tells the overview, the ledger and the secrets, to our hosts and with the token only', async () => {
    const info = await ensured();
    const token = { authorization: `Bearer ${info.token}` };
    expect(await get(info, '/', {})).toBe(401);
    expect(await get(info, '/', { authorization: 'Bearer wrong' })).toBe(401);
    expect(await get(info, '/', { ...token, host: 'evil.example' })).toBe(403);
    expect(await get(info, '/', { ...token, host: `localhost:${info.ports.control}` })).toBe(200);
    expect(await get(info, '/nothing', token)).toBe(404);

    const clients = makeClients(info);
    const image = writeImage(folder, 'hello', helloApp);
    const made = { parent, serviceId: 'chat', service: { labels: { 'loop-run': 'r1' }, template: template(image) } };
    await clients.services.createService(made, clients.call).then(([o]) => o.promise());
    const ledger = (await askControl(info, 'GET', '/ledger', signal))?.body;
    expect(ledger).toMatchObject([
      { api: 'cloud-run', method: 'CreateService', name: `${parent}/services/chat`, labels: { 'loop-run': 'r1' } },
    ]);
    const secrets = (await askControl(info, 'GET', '/secrets', signal))?.body as { DEMO_JWT_SECRET: string };
    expect(secrets.DEMO_JWT_SECRET).toMatch(/^[0-9a-f]{64}$/);
    expect((await askControl(info, 'GET', '/', signal))?.body).toMatchObject({
      version: '1.0.0',
      protocol: 1,
      pid: info.pid,
      urls: { run: info.urls.run, logging: info.urls.logging, github: info.urls.github },
      services: [{ name: 'chat', tags: [] }],
    });
  });

  it('makes the next calls fail when a test asks for it', async () => {
    const info = await ensured();
    const clients = makeClients(info);
    const failNext = { method: 'ListServices', code: 8, message: 'Quota exceeded', times: 2 };
    const headers = { authorization: `Bearer ${info.token}` };
    const post = (body: unknown) =>
      fetch(`${info.urls.control}/faults`, { method: 'POST', headers, body: JSON.stringify(body) });
    expect((await post({ failNext })).status).toBe(200);
    expect((await post({ unknown: 1 })).status).toBe(400);
    const list = () => refusalOf(clients.services.listServices({ parent }, clients.call));
    expect([await list(), await list(), await list()]).toEqual(['8 Quota exceeded', '8 Quota exceeded', 'fine']);
  });
});

describe('an emulator that cannot be used is a clear failure', () => {
  it.each([
    ['its file is no JSON', 'nonsense', 'unreadable'],
    ['its file has another shape', '{"pid":1}', 'unreadable'],
  ])('%s', async (_title, text, code) => {
    writeFileSync(stateFiles(folder).emulator, text);
    expect(await ensure()).toMatchObject({ ok: false, failure: { code, hint: expect.stringContaining(folder) } });
    rmSync(stateFiles(folder).emulator);
  });

  it('it speaks another protocol', async () => {
    const info = await ensured();
    const { emulator } = stateFiles(folder);
    const state = JSON.parse(readFileSync(emulator, 'utf8'));
    writeFileSync(emulator, JSON.stringify({ ...state, protocol: 99 }));
    const failure = {
      code: 'conflict',
      message: expect.stringContaining('protocol 99'),
      hint: expect.stringContaining('loop emulate --stop'),
    };
    expect(await ensure()).toMatchObject({ ok: false, failure });
    expect(await stopEmulator(folder, signal)).toEqual({ ok: true, value: { stopped: true } });
    expect(markProcess(info.pid)).toBeNull();
    writeFileSync(emulator, JSON.stringify(state));
  });

  it('its pid belongs to another program now: that one is left alone and a new emulator starts', async () => {
    const info = await ensured();
    await stopEmulator(folder, signal);
    const { emulator } = stateFiles(folder);
    const state = JSON.parse(readFileSync(emulator, 'utf8'));
    writeFileSync(emulator, JSON.stringify({ ...state, pid: process.pid }));
    expect(await stopEmulator(folder, signal)).toEqual({ ok: true, value: { stopped: false } });
    expect((await ensured()).ports).toEqual(info.ports);
  });

  it('the command does not start it', async () => {
    const options = { stateFolder: folder, env: {}, signal };
    const broken = await ensureEmulator({
      ...options,
      command: [process.execPath, '-e', "console.error('no such thing'); process.exit(9)"],
    });
    expect(broken).toMatchObject({
      ok: false,
      failure: { code: 'not-started', hint: expect.stringContaining('no such thing') },
    });
    const missing = await ensureEmulator({ ...options, command: [join(folder, 'nothing')] });
    expect(missing).toMatchObject({ ok: false, failure: { code: 'not-started' } });
  });
});

it('it ends by itself when nothing asks for it', async () => {
  const child = spawn(process.execPath, [program, folder, '0.005'], {
    stdio: 'ignore',
    env: { PATH: process.env.PATH },
  });
  expect(await once(child, 'exit')).toEqual([0, null]);
});

it('a second process for the same folder leaves with exit code 75', async () => {
  await ensured();
  const child = spawn(process.execPath, [program, folder, '30'], { stdio: 'ignore', env: { PATH: process.env.PATH } });
  expect(await once(child, 'exit')).toEqual([75, null]);
});
