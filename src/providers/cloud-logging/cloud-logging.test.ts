import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type Result, succeed } from '../../core/result.ts';
import { type Emulator, startEmulator } from '../../emulator/server.ts';
import type { LogEntry, LogQuery, Logs } from '../../ports/logs.ts';
import { cloudRunDeployer } from '../cloud-run/cloud-run.ts';
import { type GoogleClients, googleClients } from '../google/clients.ts';
import { localImagesBuilder } from '../local-images/local-images.ts';
import { cloudLogging } from './cloud-logging.ts';

const app = `
const http = require('node:http');
console.log('up without a severity, key ' + process.env.KEY);
const server = http.createServer((request, response) => {
  const trace = 'projects/demo/traces/' + request.headers.traceparent.split('-')[1];
  console.log(JSON.stringify({ severity: 'WARNING', message: 'asked', key: process.env.KEY, 'logging.googleapis.com/trace': trace }));
  console.error('on stderr');
  response.statusCode = request.url === '/no' ? 404 : 200;
  response.end('ok');
});
server.on('upgrade', (request, socket) => {
  const key = require('node:crypto').createHash('sha1')
    .update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nupgrade: websocket\\r\\nconnection: Upgrade\\r\\nsec-websocket-accept: ' + key + '\\r\\n\\r\\n');
  socket.on('error', () => {}).on('data', () => socket.destroy());
});
server.listen(process.env.PORT, '127.0.0.1');
`;
const commit = 'b'.repeat(40);
const trace = '0123456789abcdef0123456789abcdef';
const signal = new AbortController().signal;
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let stateFolder = '';
let emulator: Emulator | null = null;
let clients: GoogleClients;
let logs: Logs;
let from = '';

beforeAll(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), 'loop-cloud-logging-'));
  from = new Date().toISOString();
  emulator = must(await startEmulator({ stateFolder, version: '0', log, searchPath: process.env.PATH ?? '' }));
  const { ports, token } = emulator.state;
  const url = `http://127.0.0.1:${ports.grpc}`;
  clients = googleClients({ project: 'demo', userAgent: 'loop/test', endpoints: { run: url, logging: url }, token });
  logs = cloudLogging({ clients, project: 'demo', redact: (text) => text.replaceAll('s3cret', '[redacted]') });
  await useServices(await deployServices());
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

function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`${result.failure.code}: ${result.failure.message}`);
}

async function deployServices(): Promise<string[]> {
  const archive = async ({ folder }: { folder: string }): Promise<Result<null>> => {
    await writeFile(join(folder, 'server.js'), app);
    return succeed(null);
  };
  const builder = localImagesBuilder({ stateFolder, repo: 'chat', repository: { archive }, link: null });
  const { image } = must(await builder.build({ commit, path: 'app' }, signal));
  const deployer = cloudRunDeployer({
    clients,
    project: 'demo',
    region: 'local',
    readyTimeoutMs: 20_000,
    imageStore: stateFolder,
  });
  const container = { image, command: ['node', 'server.js'], env: { KEY: 's3cret' }, settings: {} };
  for (const service of ['one', 'two']) {
    const request = { key: service, service, revision: `${service}-r1`, tag: null, container, labels: {} };
    must(await deployer.deploy(request, signal));
  }
  const services = must(await deployer.services(['one', 'two'], signal));
  return ['one', 'two'].map((name) => services.get(name)?.url ?? '');
}

/** One good request, one bad one and a WebSocket to the first service; one request to the second. */
async function useServices([one = '', two = '']: readonly string[]): Promise<void> {
  const headers = (agent: string) => ({ 'user-agent': agent, traceparent: `00-${trace}-0123456789abcdef-01` });
  await fetch(`${one}/yes?token=s3cret`, { headers: headers('suite s3cret') });
  await fetch(`${one}/no`, { headers: headers('suite') });
  await fetch(`${two}/yes`, { headers: headers('another') });
  const socket = new WebSocket(one.replace('http', 'ws'), { headers: headers('suite') });
  socket.on('open', () => socket.send('bye'));
  await new Promise((resolve) => socket.on('error', () => {}).on('close', resolve));
}

/** Entries come late: asks again until there are as many as expected. */
async function read(query: Partial<LogQuery>, isThere: (entries: readonly LogEntry[]) => boolean) {
  const to = new Date(Date.now() + 60_000).toISOString();
  return vi.waitFor(
    async () => {
      const answer = must(await logs.read({ services: ['one'], from, to, entriesMax: 500, ...query }, signal));
      if (!isThere(answer.entries)) throw new Error(`not there yet: ${answer.entries.map((entry) => entry.log)}`);
      return answer;
    },
    { timeout: 5_000, interval: 50 },
  );
}

function requestsIn(entries: readonly LogEntry[]): string[] {
  return entries.flatMap(({ request }) => (request === null ? [] : [`${request.status} ${request.userAgent}`]));
}

it('reads all logs of a revision, the platform and the auditor included', async () => {
  const { entries, truncated, filter } = await read({}, (seen) => requestsIn(seen).length === 3);
  const kinds = new Set(entries.map((entry) => entry.log));
  expect([...kinds].sort()).toEqual(['activity', 'requests', 'stderr', 'stdout', 'system_event', 'varlog/system']);
  expect(new Set(entries.map(({ service }) => service))).toEqual(new Set(['one']));
  expect(truncated).toBe(false);
  expect(filter).toContain('resource.labels.service_name=("one")');
  expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).sort());
  expect(new Set(entries.map(({ insertId }) => insertId)).size).toBe(entries.length);
});

it('a line has the severity that it carries, or none; its secrets stay behind', async () => {
  const { entries } = await read({}, (seen) => seen.some(({ json }) => json?.message === 'asked'));
  const stdout = entries.filter((entry) => entry.log === 'stdout');
  expect(stdout.find(({ text }) => text?.startsWith('up without'))).toMatchObject({
    severity: 'DEFAULT',
    revision: 'one-r1',
    text: 'up without a severity, key [redacted]',
    json: null,
  });
  expect(stdout.find(({ json }) => json?.message === 'asked')).toMatchObject({
    severity: 'WARNING',
    json: { key: '[redacted]' },
    trace,
  });
  expect(JSON.stringify(entries)).not.toContain('s3cret');
});

it('requests tell status, address, user agent and trace; a WebSocket its whole time', async () => {
  const { entries } = await read({}, (seen) => requestsIn(seen).length === 3);
  const requests = entries.filter(({ request }) => request !== null);
  expect(requestsIn(entries).sort()).toEqual(['101 suite', '200 suite [redacted]', '404 suite']);
  expect(requests.find(({ request }) => request?.status === 200)).toMatchObject({
    severity: 'INFO',
    log: 'requests',
    trace,
    request: { method: 'GET', url: expect.stringMatching(/\/yes\?token=\[redacted\]$/), latencyMs: expect.any(Number) },
  });
  expect(requests.find(({ request }) => request?.status === 404)?.severity).toBe('WARNING');
});

it('who changed what is told by name', async () => {
  const { entries } = await read({}, (seen) => seen.some((entry) => entry.log === 'activity'));
  expect(entries.find((entry) => entry.log === 'activity')).toMatchObject({
    severity: 'NOTICE',
    json: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      methodName: expect.stringContaining('CreateService'),
      resourceName: expect.stringContaining('services/one'),
      authenticationInfo: { principalEmail: expect.stringContaining('@') },
    },
    audit: {
      method: expect.stringContaining('CreateService'),
      principal: expect.stringContaining('@'),
      resource: expect.stringContaining('services/one'),
      succeeded: true,
    },
  });
});

it.each<[string, Partial<LogQuery>, string[]]>([
  ['only the auditor', { only: 'audit' }, ['activity']],
  ['only requests', { only: 'requests' }, ['requests']],
  ['only a revision, by its whole name', { revision: 'one-r1', userAgent: 'suite' }, ['requests']],
  ['nothing of another revision', { revision: 'one-r' }, []],
])('reads %s', async (_name, query, expected) => {
  await read({}, (seen) => requestsIn(seen).length === 3);
  const { entries } = await read(query, () => true);
  expect([...new Set(entries.map((entry) => entry.log))]).toEqual(expected);
});

it.each<[string, Partial<LogQuery>, number, string[]]>([
  ['of a user agent', { userAgent: 'suite' }, 3, ['101 suite', '200 suite [redacted]', '404 suite']],
  ['of several services', { services: ['one', 'two'], userAgent: 'other' }, 1, ['200 another']],
  ['of a user agent in quotes', { userAgent: 'a" OR severity>="DEFAULT' }, 0, []],
  ['of a window before all', { from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' }, 0, []],
])('requests %s', async (_name, query, count, expected) => {
  const { entries } = await read(query, (seen) => requestsIn(seen).length === count);
  expect(requestsIn(entries).sort()).toEqual(expected);
  expect(entries).toHaveLength(count);
});

it('a limit cuts the newest off, and says so', async () => {
  const { entries } = await read({}, (seen) => requestsIn(seen).length === 3);
  const cut = await read({ entriesMax: 2 }, () => true);
  expect(cut).toMatchObject({ truncated: true, entries: entries.slice(0, 2) });
});

it('an answer that failed is not an empty one', async () => {
  const url = `http://127.0.0.1:${emulator?.state.ports.grpc}`;
  const strangers = googleClients({
    project: 'demo',
    userAgent: 'loop/test',
    endpoints: { logging: url },
    token: 'wrong',
  });
  const query = { services: ['one'], from, to: '2100-01-01T00:00:00Z', entriesMax: 10 };
  const refused = await cloudLogging({ clients: strangers, project: 'demo', redact: String }).read(query, signal);
  expect(refused).toMatchObject({
    ok: false,
    failure: { code: 'permission', hint: expect.stringContaining('the credentials are not valid') },
  });
  await strangers.close();
  expect(await logs.read({ ...query, from: 'yesterday' }, signal)).toMatchObject({
    ok: false,
    failure: { code: 'usage' },
  });
  await stopEmulator();
  expect(await logs.read(query, signal)).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
});
