import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientFor } from './lib/client.js';
import { serviceUrl } from './lib/services.js';

const auth = serviceUrl('auth');

test('the service says that it is well', async (t) => {
  const response = await clientFor(t).get(auth, '/health');
  const { status, service } = await response.json();
  assert.deepEqual([response.status, status, service], [200, 'ok', 'auth']);
});

test('a login gives a token that names its user', async (t) => {
  const client = clientFor(t);
  const token = await client.login(auth);
  const response = await client.get(auth, '/me', { token });
  assert.deepEqual([response.status, await response.json()], [200, { user: 'demo' }]);
});

test('a wrong password and an unknown user get the same refusal', async (t) => {
  const client = clientFor(t);
  const wrong = await client.post(auth, '/login', { json: { user: 'demo', password: 'wrong' } });
  const unknown = await client.post(auth, '/login', { json: { user: 'nobody', password: 'wrong' } });
  assert.deepEqual([wrong.status, unknown.status], [401, 401]);
  assert.deepEqual(await wrong.json(), await unknown.json());
});

test('a token is verified with its expiry', async (t) => {
  const client = clientFor(t);
  const response = await client.post(auth, '/verify', { json: { token: await client.login(auth) } });
  const { user, expiresAt } = await response.json();
  assert.deepEqual([response.status, user], [200, 'demo']);
  assert.match(expiresAt, /^\d{4}-\d\d-\d\dT.*Z$/);
});

test('a forged token is refused', async (t) => {
  const client = clientFor(t);
  const [header, , signature] = (await client.login(auth)).split('.');
  const claims = Buffer.from(JSON.stringify({ sub: 'guest', iss: 'chat-auth', exp: 4102444800 })).toString('base64url');
  const response = await client.post(auth, '/verify', { json: { token: `${header}.${claims}.${signature}` } });
  assert.equal(response.status, 401);
});

test('no token is no entry', async (t) => {
  const response = await clientFor(t).get(auth, '/me');
  assert.equal(response.status, 401);
});

test('a body that is not JSON is the caller’s mistake', async (t) => {
  const response = await clientFor(t).post(auth, '/login', { text: '{"user":' });
  assert.deepEqual([response.status, await response.json()], [400, { error: 'body is not JSON' }]);
});
