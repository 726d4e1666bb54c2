import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Result } from '../../core/result.ts';
import { readAttemptsMax } from './call.ts';
import { type GoogleClients, googleClients } from './clients.ts';
import { fakeLoggingServer } from './fake-logging-server.ts';

const signal = new AbortController().signal;
const toClose: (() => unknown)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of toClose.splice(0)) await close();
});

function clientsFor(url: string, token?: string): GoogleClients {
  const clients = googleClients({
    project: 'demo',
    userAgent: 'loop/test',
    endpoints: { logging: url },
    ...(token ? { token } : {}),
  });
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

describe('a gRPC code becomes the word that a caller decides by', () => {
  it.each([
    [3, 'usage'],
    [4, 'timeout'],
    [5, 'not-found'],
    [6, 'conflict'],
    [7, 'permission'],
    [8, 'quota'],
    [9, 'conflict'],
    [10, 'conflict'],
    [12, 'usage'],
    [13, 'unavailable'],
    [16, 'permission'],
  ])('%i is %s', async (code, word) => {
    const server = await serverThat(() => ({ code }));
    const failed = await list(clientsFor(server.url));
    expect(failed).toMatchObject({ ok: false, failure: { code: word } });
    expect(failed).toMatchObject({ failure: { message: `could not read the logs: told to answer ${code}` } });
    expect(server.requests).toHaveLength(1);
  });
});

it('reads again while the server is unavailable, a bounded number of times', async () => {
  const recovers = await serverThat((_request, nth) => (nth < readAttemptsMax ? { code: 14 } : empty));
  expect(await list(clientsFor(recovers.url))).toEqual({ ok: true, value: 0 });
  const stays = await serverThat(() => ({ code: 14 }));
  expect(await list(clientsFor(stays.url))).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
  expect([recovers.requests.length, stays.requests.length]).toEqual([readAttemptsMax, readAttemptsMax]);
});

it('never sends a change twice', async () => {
  const server = await serverThat(() => ({ code: 14 }));
  expect(await list(clientsFor(server.url), 'change')).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
  expect(server.requests).toHaveLength(1);
});

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
