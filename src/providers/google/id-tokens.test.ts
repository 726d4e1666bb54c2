import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, test } from 'vitest';
import { googleIdTokens } from './id-tokens.ts';

/** A loopback server that speaks generateIdToken, with the answers that a test gives it. */
const servers: Server[] = [];
const signal = new AbortController().signal;
const identity = { audience: 'https://chat-backend.example', serviceAccount: 'caller@demo.iam.gserviceaccount.com' };

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

interface Heard {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

async function iam(answer: (nth: number) => { status: number; body: string } | null) {
  const heard: Heard[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    heard.push({ path: `${request.method} ${request.url}`, authorization: request.headers.authorization, body });
    const said = answer(heard.length);
    if (said !== null) response.writeHead(said.status, { 'content-type': 'application/json' }).end(said.body);
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard };
}

function tokenUntil(expires: Date, id = 'one'): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return [part({ alg: 'none' }), part({ id, exp: Math.floor(expires.getTime() / 1000) }), 'signature'].join('.');
}

const at = new Date('2026-11-21T12:00:00Z');
const inMinutes = (minutes: number) => new Date(at.getTime() + minutes * 60_000);
const minted = (token: string) => ({ status: 200, body: JSON.stringify({ token }) });
const refused = (status: number, message: string) => ({ status, body: JSON.stringify({ error: { message } }) });

function tokensOf(endpoint: string, now = () => at) {
  const learned: string[] = [];
  const onMinted = (token: string) => void learned.push(token);
  return { tokens: googleIdTokens({ project: 'demo', endpoint, token: 'emulator-token', now, onMinted }), learned };
}

test('asks as IAM Credentials wants it, tells the redactor first, and keeps the token while ten minutes are left', async () => {
  const [first, second] = [tokenUntil(inMinutes(60)), tokenUntil(inMinutes(120), 'two')];
  const { endpoint, heard } = await iam((nth) => minted(nth === 1 ? first : second));
  let now = at;
  const { tokens, learned } = tokensOf(endpoint, () => now);
  const value = { token: first, expiresAt: '2026-11-21T13:00:00.000Z' };
  expect(await tokens.mint(identity, signal)).toEqual({ ok: true, value });
  expect(heard).toEqual([
    {
      path: 'POST /v1/projects/-/serviceAccounts/caller%40demo.iam.gserviceaccount.com:generateIdToken',
      authorization: 'Bearer emulator-token',
      body: { audience: identity.audience, includeEmail: true },
    },
  ]);
  now = inMinutes(49);
  expect(await tokens.mint(identity, signal)).toEqual({ ok: true, value });
  now = inMinutes(50);
  expect(await tokens.mint(identity, signal)).toMatchObject({ ok: true, value: { token: second } });
  expect(await tokens.mint({ ...identity, audience: 'https://other.example' }, signal)).toMatchObject({ ok: true });
  expect(heard).toHaveLength(3);
  expect(learned).toEqual([first, second, second]);
});

describe('what goes wrong is a value that says what to do', () => {
  it.each<[string, { status: number; body: string }, string, RegExp, RegExp?]>([
    [
      'may not impersonate',
      refused(403, 'Permission denied'),
      'permission',
      /caller@demo.* Permission denied/,
      /serviceAccountTokenCreator on caller@/,
    ],
    ['no such account', refused(404, 'Not found'), 'config', /Not found/, /private.serviceAccount/],
    ['a wrong audience', refused(400, 'Invalid audience'), 'config', /Invalid audience/],
    ['no JSON', { status: 200, body: '<html>' }, 'unreadable', /holds no token/],
    ['no token', { status: 200, body: '{}' }, 'unreadable', /holds no token/],
    ['no JWT', minted('secret-without-dots'), 'unreadable', /does not say when it expires/],
    [
      'an expiry that is no time',
      minted(`a.${Buffer.from('{"exp":9e18}').toString('base64url')}.c`),
      'unreadable',
      /expires/,
    ],
  ])('%s', async (_name, answer, code, message, hint = /|/) => {
    const { endpoint, heard } = await iam(() => answer);
    const result = await tokensOf(endpoint).tokens.mint(identity, signal);
    expect(result).toMatchObject({ ok: false, failure: { code, message: expect.stringMatching(message) } });
    expect(!result.ok && (result.failure.hint ?? '')).toMatch(hint);
    expect(JSON.stringify(result)).not.toContain('secret-without-dots');
    expect(heard).toHaveLength(1);
  });

  it('an outage is tried again, with a limit', async () => {
    const { endpoint, heard } = await iam((nth) =>
      nth < 3 ? refused(503, 'busy') : minted(tokenUntil(inMinutes(60))),
    );
    expect(await tokensOf(endpoint).tokens.mint(identity, signal)).toMatchObject({ ok: true });
    expect(heard).toHaveLength(3);
    const gone = await iam(() => refused(429, 'quota'));
    expect(await tokensOf(gone.endpoint).tokens.mint(identity, signal)).toMatchObject({ failure: { code: 'quota' } });
    expect(gone.heard).toHaveLength(3);
  });

  it('no audience, nobody there, or cancelled', async () => {
    const { endpoint, heard } = await iam(() => null);
    const { tokens } = tokensOf(endpoint);
    expect(await tokens.mint({ ...identity, audience: '' }, signal)).toMatchObject({ failure: { code: 'config' } });
    expect(heard).toEqual([]);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    expect(await tokens.mint(identity, stop.signal)).toMatchObject({ failure: { code: 'cancelled' } });
    const nobody = tokensOf('http://127.0.0.1:9').tokens;
    expect(await nobody.mint(identity, signal)).toMatchObject({ failure: { code: 'unavailable' } });
  });
});
