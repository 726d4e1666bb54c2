import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { makeIdTokens } from './id-token.ts';
import type { Emulator } from './server.ts';
import {
  type Clients,
  helloApp,
  makeClients,
  makeStateFolder,
  parent,
  removeFolder,
  startTestEmulator,
  template,
  writeImage,
} from './test-bed.ts';

const folder = makeStateFolder();
const image = writeImage(folder, 'hello', helloApp);
let emulator: Emulator;
let clients: Clients;
let url: string;
let tagUrl: string;

beforeAll(async () => {
  emulator = await startTestEmulator(folder);
  clients = makeClients(emulator.state);
  const traffic = [{ type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST' as const, percent: 100, tag: 'try' }];
  const service = { template: template(image), traffic, customAudiences: ['https://chat.example'] };
  const [operation] = await clients.services.createService({ parent, serviceId: 'chat', service }, clients.call);
  const [done] = await operation.promise();
  [url, tagUrl] = [`${done.uri}`, `${done.trafficStatuses?.[0]?.uri}`];
  const { ports, token } = emulator.state;
  await fetch(`http://127.0.0.1:${ports.control}/faults`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ service: 'chat', private: true }),
  });
});
afterAll(async () => {
  await emulator.close();
  removeFolder(folder);
});

async function mint(body: unknown, bearer = emulator.state.token) {
  const account = 'runner@demo.iam.gserviceaccount.com';
  return fetch(
    `http://127.0.0.1:${emulator.state.ports.grpc}/v1/projects/-/serviceAccounts/${account}:generateIdToken`,
    { method: 'POST', headers: { authorization: `Bearer ${bearer}` }, body: JSON.stringify(body) },
  );
}

async function tokenFor(audience: string): Promise<string> {
  const { token } = (await (await mint({ audience, includeEmail: true })).json()) as { token: string };
  return token;
}

async function status(address: string, token?: string): Promise<number> {
  const response = await fetch(
    `${address}/`,
    token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
  );
  await response.text();
  return response.status;
}

it('a token has the shape of Google’s and ends in an hour', async () => {
  const claims = JSON.parse(Buffer.from((await tokenFor(url)).split('.')[1] ?? '', 'base64url').toString());
  expect(claims).toMatchObject({ aud: url, email: 'runner@demo.iam.gserviceaccount.com', email_verified: true });
  expect(claims.exp - claims.iat).toBe(3600);
});

it('none is made without an audience, or for a stranger', async () => {
  expect((await mint({})).status).toBe(400);
  expect((await mint({ audience: url }, 'wrong')).status).toBe(401);
});

it('a private service lets in a token for its own address or a custom audience, at the tag too', async () => {
  const own = await tokenFor(url);
  expect(await status(url, own)).toBe(200);
  expect(await status(tagUrl, own)).toBe(200);
  expect(await status(url, await tokenFor('https://chat.example'))).toBe(200);
});

it('and nobody else, in the words of the front end', async () => {
  const own = await tokenFor(url);
  expect(await status(tagUrl, await tokenFor(tagUrl))).toBe(403);
  expect(await status(url, await tokenFor('https://other.example'))).toBe(403);
  expect(await status(url, `${own}x`)).toBe(403);
  expect(await status(url, 'nonsense')).toBe(403);
  const stranger = await fetch(`${url}/`);
  expect([stranger.status, stranger.headers.get('content-type')]).toEqual([401, 'text/html; charset=UTF-8']);
  expect(await stranger.text()).toContain('Error: Unauthorized');
});

it('a WebSocket too needs one', async () => {
  const answered = (token?: string) =>
    new Promise((resolve) => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers });
      socket.on('error', () => {});
      socket.once('unexpected-response', (_, response) => resolve(response.statusCode));
      socket.once('message', () => {
        socket.close();
        resolve(101);
      });
    });
  expect([await answered(), await answered(await tokenFor(url))]).toEqual([401, 101]);
});

it('an expired token is refused', () => {
  let now = '2025-09-16T00:00:00.000000000Z';
  const tokens = makeIdTokens('x'.repeat(32), { now: () => now });
  const token = tokens.issue('a@example.com', url);
  expect(tokens.fits(token, [url])).toBe(true);
  now = '2025-09-16T01:00:00.000000000Z';
  expect(tokens.fits(token, [url])).toBe(false);
});
