import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientFor } from './lib/client.js';
import { eventOf, fieldOf } from './lib/expect.js';
import { serviceUrl } from './lib/services.js';

const auth = serviceUrl('auth');
const backend = serviceUrl('backend');

test('the subprotocol alone opens a socket that is not logged in', async (t) => {
  const socket = await clientFor(t).socket(backend, ['jwt-auth']);
  assert.equal(socket.protocol, 'jwt-auth');
  assert.deepEqual(await socket.next(), { type: 'ready', authenticated: false });
});

test('a run without a login is refused and the socket stays open', async (t) => {
  const socket = await clientFor(t).socket(backend, ['jwt-auth']);
  await socket.next();
  for (const attempt of [1, 2]) {
    socket.send({ type: 'run', message: `attempt ${attempt}` });
    assert.deepEqual(await socket.next(), { type: 'error', code: 'unauthenticated' });
  }
});

test('a handshake without the subprotocol is refused', async (t) => {
  await assert.rejects(clientFor(t).socket(backend, ['other']), /\b400\b/);
});

test('a handshake with a forged token is refused', async (t) => {
  await assert.rejects(clientFor(t).socket(backend, ['jwt-auth', 'jwt.not.a.token']), /\b401\b/);
});

test('a message that is no run is answered with an error', async (t) => {
  const socket = await clientFor(t).session(auth, backend);
  socket.send('{"type":');
  assert.deepEqual(await socket.next(), { type: 'error', code: 'not-json' });
  socket.send({ type: 'dance' });
  assert.deepEqual(await socket.next(), { type: 'error', code: 'not-a-run' });
});

test('the answer holds what the tool found', async (t) => {
  const socket = await clientFor(t).session(auth, backend);
  const events = await socket.run('which word is the longest');
  assert.equal(fieldOf(eventOf(events, 'agent_completed'), 'final_response'), 'longest: longest');
});
