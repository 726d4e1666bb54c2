import { once } from 'node:events';
import { createServer as createPlain } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import type { HealthCheck } from '../../ports/health.ts';
import { authority, expired, otherName, ownName, serverKey } from './certificates.sample.ts';
import { httpHealth } from './http-health.ts';

const check: HealthCheck = {
  path: '/',
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
  identity: { audience: 'https://service.example', serviceAccount: 'caller@example' },
};
const limits = { samples: 1, warmups: 1, timeoutMs: 2_000 };
const signal = new AbortController().signal;
const idTokens = { mint: async () => ({ ok: true as const, value: { token: 'the-token', expiresAt: '' } }) };
const servers: { close(): unknown }[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A real TLS server; what it hears of callers is kept. */
async function serverWith(cert: string): Promise<{ url: string; heard: string[] }> {
  const heard: string[] = [];
  const server: Server = createServer({ key: serverKey, cert }, (request, response) => {
    heard.push(String(request.headers.authorization));
    response.end('{}');
  });
  const sockets = new WebSocketServer({ server, path: '/ws' });
  sockets.on('connection', (_client, request) => heard.push(String(request.headers.authorization)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push({
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return { url: `https://localhost:${(server.address() as AddressInfo).port}`, heard };
}

const now = () => new Date('2124-12-31T00:00:00Z');

describe.each([false, true])('TLS (WebSocket: %s)', (websocket) => {
  const asked = { ...check, websocket, path: websocket ? '/ws' : '/' };

  it('tells the name and the end of the certificate, and sends the token', async () => {
    const { url, heard } = await serverWith(ownName);
    const answer = await httpHealth({ ca: authority, idTokens }).check(url, asked, limits, signal);
    expect(answer, answer.because).toMatchObject({
      ok: true,
      tls: { name: 'localhost', expiresAt: '2125-01-01T00:00:00.000Z' },
    });
    expect(answer.addresses.length).toBeGreaterThan(0);
    expect(heard).toEqual(['Bearer the-token', 'Bearer the-token']);
  });

  it('fewer days than asked for are not healthy', async () => {
    const { url } = await serverWith(ownName);
    const answer = await httpHealth({ ca: authority, idTokens, now }).check(
      url,
      { ...asked, tlsDaysMin: 14 },
      limits,
      signal,
    );
    expect(answer).toMatchObject({ ok: false, tls: { daysLeft: 1 } });
    expect(answer.because).toMatch(/its certificate of localhost ends in 1 days .*, expected 14 at least/);
  });

  it.each<[string, string, string | undefined, RegExp]>([
    ['expired', expired, authority, /showed a certificate of localhost that expired on 2025-01-01T00:00:00.000Z/],
    ['of another name', otherName, authority, /of another name: it is for other.example, not for localhost/],
    [
      'not trusted',
      ownName,
      undefined,
      /a certificate of localhost that is not trusted \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)/,
    ],
  ])('%s is told by name, and no token goes there', async (_name, cert, ca, because) => {
    const { url, heard } = await serverWith(cert);
    const answer = await httpHealth({ idTokens, ...(ca ? { ca } : {}) }).check(url, asked, limits, signal);
    expect(answer).toMatchObject({ ok: false, status: null, tls: { expiresAt: expect.stringMatching(/Z$/) } });
    expect(answer.because).toMatch(because);
    expect(heard).toEqual([]);
  });

  it('a server that speaks no TLS is told as such', async () => {
    const plain = createPlain().listen(0, '127.0.0.1');
    await once(plain, 'listening');
    servers.push(plain);
    const url = `https://localhost:${(plain.address() as AddressInfo).port}`;
    const answer = await httpHealth({ idTokens }).check(url, asked, limits, signal);
    expect(answer.because).toMatch(/does not speak TLS as expected/);
  });
});
