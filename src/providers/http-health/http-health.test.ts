import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import type { HealthCheck } from '../../ports/health.ts';
import { httpHealth } from './http-health.ts';

const plain: HealthCheck = {
  path: '/health',
  websocket: false,
  subprotocol: null,
  statuses: [{ from: 200, to: 200 }],
  json: {},
  header: {},
  latencyMsMax: { p50: null, p95: null },
  firstMessage: null,
  version: null,
  uptime: null,
  tlsDaysMin: 0,
  token: null,
};
const limits = { samples: 1, timeoutMs: 2_000 };
const signal = new AbortController().signal;

let server: Server;
let url = '';
const sockets = new Set<Socket>();
const asked: string[] = [];

beforeAll(async () => {
  const webSockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has('jwt-auth') ? 'jwt-auth' : false),
  });
  let flaky = 0;
  server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers['user-agent']}`);
    const json = (body: unknown, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify(body));
    };
    if (request.url === '/health') json({ status: 'ok', deep: { list: [1, { a: null }] } });
    else if (request.url === '/array') json(['ok']);
    else if (request.url === '/html') response.setHeader('content-type', 'text/html').end('<p>');
    else if (request.url === '/moved') response.writeHead(302, { location: '/health' }).end();
    else if (request.url === '/flaky') json({}, ++flaky === 3 ? 503 : 200);
    else if (request.url === '/endless') endless(response);
    else if (request.url === '/cut') response.socket?.destroy();
    else if (request.url !== '/silent') json({}, 404);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    if (request.url === '/ws') webSockets.handleUpgrade(request, socket, head, () => {});
    else if (request.url === '/refused') socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

function endless(response: import('node:http').ServerResponse): void {
  const write = (): void => {
    if (!response.destroyed && response.write('x'.repeat(16_384))) setImmediate(write);
    else if (!response.destroyed) response.once('drain', write);
  };
  write();
}

describe('a check is met, or says what was seen against what was asked for', () => {
  const webSocket = { websocket: true, path: '/ws', status: 101 };
  it.each<[string, Partial<HealthCheck>, { ok: boolean; status: number | null; because: RegExp }]>([
    ['status', {}, { ok: true, status: 200, because: /\/health answered 200$/ }],
    ['wrong status', { path: '/no' }, { ok: false, status: 404, because: /answered 404: expected status 200/ }],
    ['redirect is an answer', { path: '/moved' }, { ok: false, status: 302, because: /302: expected status 200/ }],
    ['field', { json: { status: 'ok' } }, { ok: true, status: 200, because: /200$/ }],
    ['deep field', { json: { deep: { list: [1, { a: null }] } } }, { ok: true, status: 200, because: /200$/ }],
    ['other value', { json: { status: 'up' } }, { ok: false, status: 200, because: /status to be "up", it is "ok"/ }],
    ['missing field', { json: { db: 1 } }, { ok: false, status: 200, because: /the field db/ }],
    ['inherited field', { json: { toString: 1 } }, { ok: false, status: 200, because: /the field toString/ }],
    ['no object', { path: '/array', json: { 0: 'ok' } }, { ok: false, status: 200, because: /a JSON object as body/ }],
    ['no JSON', { path: '/html', json: { a: 1 } }, { ok: false, status: 200, because: /a JSON object as body/ }],
    ['media type', { header: { 'Content-Type': 'application/json' } }, { ok: true, status: 200, because: /200$/ }],
    [
      'other media type',
      { header: { 'content-type': 'text/html' } },
      { ok: false, status: 200, because: /content-type to be text\/html, it is application\/json; charset=utf-8/ },
    ],
    ['missing header', { header: { 'x-a': 'b' } }, { ok: false, status: 200, because: /expected a header x-a/ }],
    ['endless body', { path: '/endless' }, { ok: true, status: 200, because: /200$/ }],
    [
      'too slow',
      { latencyMsMax: { p50: null, p95: 0 } },
      { ok: false, status: 200, because: /200 in \d+ ms, expected at most 0 ms/ },
    ],
    ['connection cut', { path: '/cut' }, { ok: false, status: null, because: /did not answer: / }],
    ['another host', { path: '//elsewhere/' }, { ok: false, status: null, because: /is no path of/ }],
    ['WebSocket', webSocket, { ok: true, status: 101, because: /opened a WebSocket$/ }],
    [
      'subprotocol',
      { ...webSocket, subprotocol: 'jwt-auth' },
      { ok: true, status: 101, because: /opened a WebSocket with subprotocol jwt-auth/ },
    ],
    [
      'other subprotocol',
      { ...webSocket, subprotocol: 'other' },
      { ok: false, status: null, because: /failed the handshake: Server sent no subprotocol/ },
    ],
    [
      'refused WebSocket',
      { ...webSocket, path: '/refused' },
      { ok: false, status: 403, because: /refused the WebSocket with 403/ },
    ],
  ])('%s', async (_name, change, expected) => {
    const answer = await httpHealth().check(url, { ...plain, ...change }, limits, signal);
    expect(answer).toMatchObject({ ok: expected.ok, status: expected.status });
    expect(answer.because).toMatch(expected.because);
  });
});

it('takes every sample while all is well, and the first that is not decides', async () => {
  const well = await httpHealth().check(url, plain, { samples: 4, timeoutMs: 2_000 }, signal);
  expect(well).toMatchObject({ ok: true, status: 200 });
  expect(well.samplesMs).toHaveLength(4);
  const flaky = await httpHealth().check(url, { ...plain, path: '/flaky' }, { samples: 5, timeoutMs: 2_000 }, signal);
  expect(flaky).toMatchObject({ ok: false, status: 503 });
  expect(flaky.samplesMs).toHaveLength(3);
  expect(asked).toContain('/health loop-health');
});

describe('whatever does not answer is an answer too', () => {
  it.each(['/silent', '/ws-silent'])('%s', async (path) => {
    const check = { ...plain, path, websocket: path === '/ws-silent' };
    const answer = await httpHealth().check(url, check, { samples: 3, timeoutMs: 150 }, signal);
    expect(answer).toMatchObject({ ok: false, status: null, samplesMs: [] });
    expect(answer.because).toMatch(/did not answer within 150 ms/);
  });

  it.each([false, true])('nobody listens (WebSocket: %s)', async (websocket) => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const answer = await httpHealth().check(`http://127.0.0.1:${port}`, { ...plain, websocket }, limits, signal);
    expect(answer).toMatchObject({ ok: false, status: null });
    expect(answer.because).toMatch(/did not answer: connect ECONNREFUSED/);
  });

  it.each([false, true])('cancelled (WebSocket: %s)', async (websocket) => {
    const check = { ...plain, path: websocket ? '/ws-silent' : '/silent', websocket };
    const answer = await httpHealth().check(url, check, { samples: 3, timeoutMs: 60_000 }, AbortSignal.timeout(50));
    expect(answer).toMatchObject({ ok: false, status: null });
    expect(answer.because).toMatch(/cancelled/);
  });
});
