import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientFor } from './lib/client.js';
import { eventOf, fieldOf, typesOf } from './lib/expect.js';
import { serviceUrl } from './lib/services.js';

const auth = serviceUrl('auth');
const backend = serviceUrl('backend');
const ORDER = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'];

async function eventsOfARun(t, message = 'how many words are these') {
  const socket = await clientFor(t).session(auth, backend);
  return await socket.run(message);
}

test('the socket says ready before anything else', async (t) => {
  const client = clientFor(t);
  const token = await client.login(auth);
  const socket = await client.socket(backend, ['jwt-auth', `jwt.${token}`]);
  assert.deepEqual(await socket.next(), { type: 'ready', authenticated: true });
});

test('a run emits its five events in order', async (t) => {
  assert.deepEqual(typesOf(await eventsOfARun(t)), ORDER);
});

test('every event of a run carries the same run id', async (t) => {
  const ids = new Set((await eventsOfARun(t)).map((event) => fieldOf(event, 'run_id')));
  assert.equal(ids.size, 1, `run ids: ${[...ids].join(', ')}`);
});

test('tool_executing names its tool', async (t) => {
  const event = eventOf(await eventsOfARun(t), 'tool_executing');
  assert.equal(fieldOf(event, 'tool_name'), 'word_count');
});

test('tool_completed names its tool', async (t) => {
  const event = eventOf(await eventsOfARun(t), 'tool_completed');
  assert.equal(fieldOf(event, 'tool_name'), 'word_count');
});

test('tool_completed carries its results', async (t) => {
  const event = eventOf(await eventsOfARun(t, 'one two three'), 'tool_completed');
  assert.deepEqual(fieldOf(event, 'results'), [{ name: 'words', value: 3 }]);
});

test('a socket serves a second run after the first', async (t) => {
  const socket = await clientFor(t).session(auth, backend);
  const first = await socket.run('one');
  const second = await socket.run('two');
  assert.deepEqual(typesOf(second), ORDER);
  assert.notEqual(fieldOf(first[0], 'run_id'), fieldOf(second[0], 'run_id'));
});

test('two runs at once keep their own order', async (t) => {
  const client = clientFor(t);
  const sockets = await Promise.all([client.session(auth, backend), client.session(auth, backend)]);
  const [left, right] = await Promise.all(sockets.map((socket, n) => socket.run(`run number ${n}`)));
  assert.deepEqual(typesOf(left), ORDER);
  assert.deepEqual(typesOf(right), ORDER);
  assert.notEqual(fieldOf(left[0], 'run_id'), fieldOf(right[0], 'run_id'));
});
