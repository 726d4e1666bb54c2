import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Result } from '../../core/result.ts';
import { callLimits } from './call.ts';
import { type GoogleClients, googleClients } from './clients.ts';
import { fakeLoggingServer } from './fake-logging-server.ts';

const signal = new AbortController().signal;
const toClose: (() => unknown)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of toClose.splice(0)) await close();
});

/** Little patience, so that the tests are quick. */
const limits = { ...callLimits, readTimeoutMs: 300, readMsMax: 1_000, retryDelayMs: 10, quotaDelayMs: 20 };
const { readAttemptsMax } = limits;

function clientsFor(url: string, token?: string): GoogleClients {
  const who = { project: 'demo', userAgent: 'loop/test', ...(token ? { token } : {}) };
  const clients = googleClients({ ...who, limits, endpoints: { logging: url } });
  toClose.push(() => clients.close());
  return clients;
}

async function serverThat(...options: Parameters<typeof fakeLoggingServer>) {
  const server = await fakeLoggingServer(...options);
  toClose.push(server.close);
  return server;
}

/** Asks for one page of entries, and tells how many there were. */
function list(clients: GoogleClients, kind: 'read' | 'change' = 'read', stop = signal): Promise<Result<number>> {
  return clients.logging.call(
    {
      what: 'read the logs',
      role: 'roles/logging.viewer',
      kind,
      send: async (client, options) => {
        const [entries] = await client.listLogEntries({ resourceNames: ['projects/demo'] }, options);
        return entries.length;
      },
    },
    stop,
  );
}

const empty = { entries: [], nextPageToken: '' };

it('sends the token to a plaintext endpoint with each call', async () => {
  const server = await serverThat(() => empty);
  const clients = clientsFor(server.url, 'secret');
  expect(await list(clients)).toEqual({ ok: true, value: 0 });
  expect(await list(clients)).toEqual({ ok: true, value: 0 });
  expect(server.requests.map(({ authorization }) => authorization)).toEqual(['Bearer secret', 'Bearer secret']);
});

it('says who calls, first of all', async () => {
  const server = await serverThat(() => empty);
  await list(clientsFor(server.url));
  expect(server.requests.map(({ userAgent }) => userAgent)).toEqual([
    expect.stringMatching(/^loop\/test grpc-node-js/),
  ]);
});

const perhapsDown = expect.stringContaining('check that the endpoint is up');
const renewed = expect.stringContaining('gcloud auth application-default login');

// [gRPC code, our word, how often a read is asked, the hint]
describe('a gRPC code becomes the word that a caller decides by, and says whether to ask again', () => {
  it.each([
    [1, 'unavailable', readAttemptsMax, perhapsDown],
    [2, 'unavailable', 1, perhapsDown],
    [3, 'usage', 1, undefined],
    [4, 'timeout', readAttemptsMax, perhapsDown],
    [5, 'not-found', 1, undefined],
    [6, 'conflict', 1, undefined],
    [7, 'permission', 1, 'grant roles/logging.viewer to the account that loop runs as'],
    [8, 'quota', readAttemptsMax, expect.stringContaining('more quota')],
    [9, 'conflict', 1, undefined],
    [10, 'conflict', 1, undefined],
    [12, 'usage', 1, undefined],
    [13, 'unavailable', readAttemptsMax, perhapsDown],
    [14, 'unavailable', readAttemptsMax, perhapsDown],
    [16, 'permission', 1, renewed],
  ])('%i is %s', async (code, word, times, hint) => {
    const server = await serverThat(() => ({ code }));
    const clients = clientsFor(server.url);
    const failed = await list(clients);
    const asked = times === 1 ? '' : ` (asked ${times} times)`;
    const message = `could not read the logs: told to answer ${code}${asked}`;
    expect(failed.ok ? null : failed.failure).toEqual({ code: word, message, ...(hint ? { hint } : {}) });
    expect(server.requests).toHaveLength(times);
    await list(clients, 'change');
    expect(server.requests, 'a change is never sent twice').toHaveLength(times + 1);
  });
});

it.each([4, 8, 13, 14])('a read that was answered %i is answered when it is asked again', async (code) => {
  const server = await serverThat((_request, nth) => (nth < readAttemptsMax ? { code } : empty));
  expect(await list(clientsFor(server.url))).toEqual({ ok: true, value: 0 });
  expect(server.requests).toHaveLength(readAttemptsMax);
});

it('a server that never answers is given up in time, and asked with less patience until it answers', async () => {
  let answers = false;
  const server = await serverThat(() => (answers ? empty : null));
  const clients = clientsFor(server.url);
  expect(await list(clients)).toMatchObject({ ok: false, failure: { code: 'timeout', hint: perhapsDown } });
  expect(await list(clientsFor(server.url))).toMatchObject({
    failure: { message: expect.stringMatching(/^could not read the logs: no answer in time \(asked \d times\)$/) },
  });
  const asked = server.requests.length;
  expect(asked).toBeLessThanOrEqual(2 * readAttemptsMax);
  expect(await list(clients)).toMatchObject({ ok: false, failure: { code: 'timeout' } });
  expect(server.requests).toHaveLength(asked + 1);
  answers = true;
  expect(await list(clients)).toMatchObject({ ok: true });
});

// [what the other end does with a connection, what is said]
it.each<[string, (socket: Socket) => void, string]>([
  ['accepts and says nothing', () => {}, 'timeout'],
  ['resets', (socket) => socket.resetAndDestroy(), 'unavailable'],
  ['answers with HTTP/1.1', (socket) => socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n'), 'unavailable'],
])('an endpoint that %s is a failure with a hint', async (_name, behave, code) => {
  const url = await endpointThat(behave);
  expect(await list(clientsFor(url))).toMatchObject({ ok: false, failure: { code, hint: perhapsDown } });
});

/** A TCP server that is no gRPC server. */
async function endpointThat(behave: (socket: Socket) => void): Promise<string> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket.on('error', () => {}));
    behave(socket);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  toClose.push(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('stops waiting at the signal', async () => {
  const server = await serverThat(() => null);
  const clients = clientsFor(server.url);
  expect(await list(clients, 'read', AbortSignal.timeout(50))).toMatchObject({
    ok: false,
    failure: { code: 'cancelled' },
  });
  expect(await list(clients, 'read', AbortSignal.abort())).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
});

it('a server that is gone is a failure, and found again when it is back', async () => {
  const server = await serverThat(() => empty);
  const clients = clientsFor(server.url);
  expect(await list(clients)).toMatchObject({ ok: true });
  server.close();
  const failed = await list(clients);
  expect(failed).toMatchObject({ ok: false, failure: { code: 'unavailable', hint: expect.stringContaining('is up') } });
  await serverThat(() => empty, Number(new URL(server.url).port));
  await vi.waitUntil(async () => (await list(clients)).ok, { timeout: 10_000 });
});

it('missing credentials are a failure with a hint, not the end of the process', async () => {
  vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', '/nowhere/credentials.json');
  const clients = googleClients({ project: 'demo', userAgent: 'loop/test', endpoints: {} });
  expect(await list(clients)).toMatchObject({
    ok: false,
    failure: { code: 'permission', hint: expect.stringContaining('gcloud auth application-default login') },
  });
});

it('an endpoint that is no URL is a mistake in the configuration', async () => {
  expect(await list(clientsFor('127.0.0.1:8085x'))).toMatchObject({ ok: false, failure: { code: 'config' } });
});
