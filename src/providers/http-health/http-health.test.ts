import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
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
  identity: null,
};
const limits = { samples: 1, warmups: 0, timeoutMs: 2_000 };
const signal = new AbortController().signal;

let server: Server;
let url = '';
const sockets = new Set<Socket>();
const asked: string[] = [];
let told: unknown = {};

type Answer = (response: ServerResponse, request: IncomingMessage) => void;
const json =
  (body: unknown, status = 200): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
  };
const body =
  (bytes: string | Buffer): Answer =>
  (response) => {
    response.end(bytes);
  };
const nested = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;
let flaky = 0;
const answers: Readonly<Record<string, Answer>> = {
  '/health': json({ status: 'ok', deep: { list: [1, { a: null }] } }),
  '/array': json(['ok']),
  '/named': (response) => response.setHeader('server', 'Sample Server/1').end('{}'),
  '/html': (response) => response.setHeader('content-type', 'text/html').end('<p>'),
  '/moved': (response) => response.writeHead(302, { location: '/health' }).end(),
  '/flaky': (response, request) => json({}, ++flaky === 3 ? 503 : 200)(response, request),
  '/endless': endless,
  '/dots': json({ 'redis.connected': true, redis: { connected: false } }),
  '/fault': json({}, 500),
  '/redis': json({ redis: { connected: false } }, 503),
  '/degraded': json({ status: 'Degraded' }),
  '/proto': body('{"__proto__": {"polluted": true}}'),
  '/nested': body(nested),
  '/deep': body(`{"a": ${nested}}`),
  '/binary': body(randomBytes(512)),
  '/noise': (response) => response.socket?.end('220 mail.example ESMTP\r\n'),
  '/headers': (response) => response.writeHead(200, { 'x-long': 'x'.repeat(60_000) }).end(),
  '/cors': cors,
  '/told': (response, request) => json(told)(response, request),
  '/cut': (response) => response.socket?.destroy(),
  '/silent': () => {},
};

beforeAll(async () => {
  const webSockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has('jwt-auth') ? 'jwt-auth' : false),
  });
  server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers['user-agent']}`);
    const answer = answers[request.url ?? ''] ?? json({}, 404);
    answer(response, request);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  const hello: Record<string, string | Buffer> = {
    '/ws-hello': JSON.stringify({ type: 'ready', user: { name: null } }),
    '/ws-binary': randomBytes(8),
    '/ws-huge': 'x'.repeat(70_000),
    '/ws-text': 'hello',
  };
  server.on('upgrade', (request, socket, head) => {
    const first = hello[request.url ?? ''];
    if (request.url === '/ws') webSockets.handleUpgrade(request, socket, head, () => {});
    else if (first !== undefined) webSockets.handleUpgrade(request, socket, head, (client) => client.send(first));
    else if (request.url === '/ws-bye') webSockets.handleUpgrade(request, socket, head, (client) => client.close());
    else if (request.url === '/refused') socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

/** As services do it: the headers come only where a browser would ask. */
function cors(response: ServerResponse, { headers: { origin } }: IncomingMessage): void {
  const methods = { 'access-control-allow-methods': 'GET, POST, PUT', vary: 'origin' };
  response.writeHead(200, origin === undefined ? {} : { 'access-control-allow-origin': origin, ...methods }).end();
}

function endless(response: ServerResponse): void {
  const write = (): void => {
    if (!response.destroyed && response.write('x'.repeat(16_384))) setImmediate(write);
    else if (!response.destroyed) response.once('drain', write);
  };
  write();
}

describe('a check is met, or says what was seen against what was asked for', () => {
  const webSocket = { websocket: true, path: '/ws', status: 101 };
  const hello = (path: string) => ({ ...webSocket, path, firstMessage: { type: 'ready', 'user.name': null } });
  it.each<[string, Partial<HealthCheck>, { ok: boolean; status: number | null; because: RegExp }]>([
    ['status', {}, { ok: true, status: 200, because: /\/health answered 200$/ }],
    ['wrong status', { path: '/no' }, { ok: false, status: 404, because: /answered 404: expected status 200/ }],
    ['redirect is an answer', { path: '/moved' }, { ok: false, status: 302, because: /302: expected status 200/ }],
    ['field', { json: { status: 'ok' } }, { ok: true, status: 200, because: /answered 200, status is "ok"$/ }],
    [
      'deep field',
      { json: { deep: { list: [1, { a: null }] } } },
      { ok: true, status: 200, because: /200, deep is {/ },
    ],
    ['other value', { json: { status: 'up' } }, { ok: false, status: 200, because: /status to be "up", it is "ok"/ }],
    ['missing field', { json: { db: 1 } }, { ok: false, status: 200, because: /the field db/ }],
    ['inherited field', { json: { toString: 1 } }, { ok: false, status: 200, because: /the field toString/ }],
    ['by path', { json: { 'deep.list.1.a': null } }, { ok: true, status: 200, because: /deep.list.1.a is null$/ }],
    [
      'by path, not there',
      { json: { 'deep.list.2': 1 } },
      { ok: false, status: 200, because: /the field deep.list.2/ },
    ],
    [
      'dots in a name',
      { path: '/dots', json: { 'redis.connected': true } },
      { ok: true, status: 200, because: /200, redis.connected is true$/ },
    ],
    ['an array', { path: '/array', json: { 0: 'ok' } }, { ok: true, status: 200, because: /200, 0 is "ok"$/ }],
    [
      'a class of statuses',
      { path: '/no', statuses: [{ from: 400, to: 499 }] },
      { ok: true, status: 404, because: /404$/ },
    ],
    [
      'a server fault, asked for',
      { path: '/fault', statuses: [{ from: 200, to: 599 }] },
      { ok: false, status: 500, because: /500: a server fault is never healthy/ },
    ],
    [
      'degraded with 200',
      { path: '/degraded' },
      { ok: false, status: 200, because: /the body calls itself "Degraded"/ },
    ],
    [
      'degraded, asked for',
      { path: '/degraded', json: { status: 'Degraded' } },
      { ok: true, status: 200, because: /200, status is "Degraded"$/ },
    ],
    [
      'a fault that says why',
      { path: '/redis', json: { 'redis.connected': true } },
      { ok: false, status: 503, because: /expected status 200; expected redis.connected to be true, it is false/ },
    ],
    ['proto', { path: '/proto', json: { polluted: true } }, { ok: false, status: 200, because: /the field polluted/ }],
    ['inherited by path', { json: { 'deep.constructor': 1 } }, { ok: false, status: 200, because: /the field deep/ }],
    ['deep JSON', { path: '/nested', json: { a: 1 } }, { ok: false, status: 200, because: /the field a/ }],
    ['deep value', { path: '/deep', json: { a: 1 } }, { ok: false, status: 200, because: /a to be 1, it is / }],
    ['binary', { path: '/binary', json: { a: 1 } }, { ok: false, status: 200, because: /a JSON object as body/ }],
    [
      'no HTTP',
      { path: '/noise' },
      { ok: false, status: null, because: /answered with what is not HTTP: Parse Error/ },
    ],
    [
      'too many headers',
      { path: '/headers' },
      { ok: false, status: null, because: /not HTTP: Parse Error: Header overflow/ },
    ],
    [
      'endless body with fields',
      { path: '/endless', json: { a: 1 } },
      { ok: false, status: 200, because: /longer than what is read of it/ },
    ],
    [
      'CORS for an origin',
      { path: '/cors', header: { 'Access-Control-Allow-Origin': 'https://app.example' } },
      { ok: true, status: 200, because: /Access-Control-Allow-Origin is https:\/\/app.example$/ },
    ],
    [
      'CORS lists in any order',
      { path: '/cors', header: { 'access-control-allow-methods': 'POST,GET' } },
      { ok: true, status: 200, because: /access-control-allow-methods is GET, POST, PUT$/ },
    ],
    [
      'no CORS without an origin to ask for',
      { path: '/cors', header: { vary: 'origin' } },
      { ok: false, status: 200, because: /expected a header vary/ },
    ],
    ['no JSON', { path: '/html', json: { a: 1 } }, { ok: false, status: 200, because: /a JSON object as body/ }],
    [
      'media type',
      { header: { 'Content-Type': 'application/json' } },
      { ok: true, status: 200, because: /200, Content-Type is application\/json; charset=utf-8$/ },
    ],
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
      { ok: false, status: 200, because: /200: p95 of 1 samples is [\d.]+ ms, expected at most 0 ms/ },
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
      'first message',
      hello('/ws-hello'),
      {
        ok: true,
        status: 101,
        because: /opened a WebSocket, in its first message type is "ready", user.name is null$/,
      },
    ],
    [
      'other first message',
      { ...hello('/ws-hello'), firstMessage: { type: 'error' } },
      { ok: false, status: 101, because: /opened a WebSocket: expected type to be "error", it is "ready"/ },
    ],
    ['binary message', hello('/ws-binary'), { ok: false, status: 101, because: /first message is binary/ }],
    ['text message', hello('/ws-text'), { ok: false, status: 101, because: /first message is no JSON object/ }],
    ['huge message', hello('/ws-huge'), { ok: false, status: 101, because: /could not be read: Max payload size/ }],
    ['no message', hello('/ws-bye'), { ok: false, status: 101, because: /closed the socket before it said anything/ }],
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

describe('what came back is told as it was seen', () => {
  const ask = (change: Partial<HealthCheck>) => httpHealth().check(url, { ...plain, ...change }, limits, signal);

  it('the body, and the headers that were asked for', async () => {
    const { seen } = await ask({ header: { 'Content-Type': 'text/html', 'x-missing': 'a' } });
    expect(seen).toEqual({
      body: '{"status":"ok","deep":{"list":[1,{"a":null}]}}',
      header: { 'Content-Type': 'application/json; charset=utf-8' },
      firstMessage: null,
      server: null,
    });
  });

  it('who answered, by its own word', async () => {
    expect((await ask({ path: '/named' })).seen.server).toBe('Sample Server/1');
  });

  it('the first message, where one is waited for', async () => {
    const socket = { websocket: true, path: '/ws-text', statuses: [{ from: 101, to: 101 }] };
    expect((await ask({ ...socket, firstMessage: { type: 'ready' } })).seen.firstMessage).toBe('hello');
    expect((await ask(socket)).seen.firstMessage).toBeNull();
  });

  it('nothing where nothing answered', async () => {
    expect((await ask({ path: '/cut' })).seen).toEqual({ body: null, header: {}, firstMessage: null, server: null });
  });
});

it('takes every sample while all is well, and the first that is not decides', async () => {
  const well = await httpHealth().check(url, plain, { samples: 4, warmups: 0, timeoutMs: 2_000 }, signal);
  expect(well).toMatchObject({ ok: true, status: 200 });
  expect(well.samplesMs).toHaveLength(4);
  const flaky = await httpHealth().check(
    url,
    { ...plain, path: '/flaky' },
    { samples: 5, warmups: 0, timeoutMs: 2_000 },
    signal,
  );
  expect(flaky).toMatchObject({ ok: false, status: 503 });
  expect(flaky.samplesMs).toHaveLength(3);
  expect(asked).toContain('/health loop-health');
});

it('tells warm-ups apart, and judges latency over the samples', async () => {
  const before = asked.length;
  const answer = await httpHealth().check(url, plain, { samples: 3, warmups: 2, timeoutMs: 2_000 }, signal);
  expect(asked.length - before).toBe(5);
  expect(answer.samplesMs).toHaveLength(3);
  expect(answer).toMatchObject({ ok: true, coldMs: expect.any(Number), addresses: ['127.0.0.1'], tls: null });
});

describe('what a service calls itself', () => {
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const digest = `sha256:${'ab'.repeat(32)}`;
  const check = {
    ...plain,
    path: '/told',
    version: { path: 'app.version', expected: ['chat-backend-2', commit, digest] },
    uptime: 'up',
  };
  it.each<[string, unknown, boolean, RegExp]>([
    ['revision', 'chat-backend-2', true, /200$/],
    ['commit', commit, true, /200$/],
    ['short commit', '0123456', true, /200$/],
    ['digest', digest, true, /200$/],
    ['too short a commit', '012345', false, /it says it runs 012345, expected chat-backend-2/],
    ['another commit', 'fffffff', false, new RegExp(`it says it runs fffffff, expected ${commit}`)],
    ['another revision', 'chat-backend-1', false, /it says it runs chat-backend-1, expected chat-backend-2/],
    ['nothing', null, false, /does not tell its version at app.version, expected chat-backend-2/],
    ['an object', { a: 1 }, false, /does not tell its version/],
  ])('%s', async (_name, version, ok, because) => {
    told = { app: { version }, up: 12.5 };
    const answer = await httpHealth().check(url, check, limits, signal);
    expect(answer).toMatchObject({ ok, uptimeSeconds: 12.5 });
    expect(answer.because).toMatch(because);
  });

  it.each([-1, '12', null, Number.POSITIVE_INFINITY])('an uptime of %s is none', async (up) => {
    told = { app: { version: commit }, up };
    expect(await httpHealth().check(url, check, limits, signal)).toMatchObject({ ok: true, uptimeSeconds: null });
  });
});

describe('a dependency can be told by a service that fails', () => {
  it.each([
    ['/redis', { 'redis.connected': true }, 'not-met'],
    ['/redis', { 'redis.connected': false }, 'met'],
    ['/fault', { redis: true }, 'unknown'],
    ['/binary', { redis: true }, 'unknown'],
    ['/silent', { redis: true }, 'unknown'],
  ] as const)('%s %j: %s', async (path, json, fields) => {
    const answer = await httpHealth().check(url, { ...plain, path, json }, { ...limits, timeoutMs: 150 }, signal);
    expect(answer).toMatchObject({ ok: false, fields });
  });
});

it('opens a TCP connection, or says why not', async () => {
  const { port } = server.address() as AddressInfo;
  const open = await httpHealth().connect(`127.0.0.1:${port}`, { timeoutMs: 2_000 }, signal);
  expect(open).toMatchObject({ ok: true, addresses: ['127.0.0.1'], because: `127.0.0.1:${port} accepts connections` });
  const gone = await httpHealth().connect('nowhere.invalid:6379', { timeoutMs: 2_000 }, signal);
  expect(gone.ok).toBe(false);
  expect(gone.because).toMatch(/^nowhere.invalid:6379 did not answer: the name nowhere.invalid does not resolve/);
});

describe('whatever does not answer is an answer too', () => {
  it.each([false, true])('a name that does not resolve (WebSocket: %s)', async (websocket) => {
    const answer = await httpHealth().check('http://nowhere.invalid', { ...plain, websocket }, limits, signal);
    expect(answer).toMatchObject({ ok: false, status: null, addresses: [] });
    expect(answer.because).toMatch(/the name nowhere.invalid does not resolve \(DNS says E\w+\)/);
  });

  it('a warm-up without an answer ends the attempt, and a deadline is told apart from a cancelled run', async () => {
    const check = { ...plain, path: '/silent' };
    const before = asked.length;
    const slow = await httpHealth().check(url, check, { samples: 3, warmups: 2, timeoutMs: 100 }, signal);
    expect(slow).toMatchObject({ ok: false, coldMs: null, samplesMs: [] });
    expect(asked.length - before).toBe(1);
    const late = await httpHealth().check(url, check, { ...limits, timeoutMs: 60_000 }, AbortSignal.timeout(50));
    expect(late.because).toMatch(/was not asked to the end: the time for all health checks was over/);
  });

  it.each(['/silent', '/ws-silent'])('%s', async (path) => {
    const check = { ...plain, path, websocket: path === '/ws-silent' };
    const answer = await httpHealth().check(url, check, { samples: 3, warmups: 0, timeoutMs: 150 }, signal);
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
    const answer = await httpHealth().check(url, check, { samples: 3, warmups: 0, timeoutMs: 60_000 }, cancelledSoon());
    expect(answer).toMatchObject({ ok: false, status: null });
    expect(answer.because).toMatch(/was not asked to the end: cancelled/);
  });
});

function cancelledSoon(): AbortSignal {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 50);
  return stop.signal;
}
