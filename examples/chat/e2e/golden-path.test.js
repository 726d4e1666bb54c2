import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientFor } from './lib/client.js';
import { eventOf, fieldOf } from './lib/expect.js';
import { serviceUrl } from './lib/services.js';

const auth = serviceUrl('auth');
const backend = serviceUrl('backend');
const frontend = serviceUrl('frontend');

test('a visitor gets the page and where its backend is', async (t) => {
  const client = clientFor(t);
  const [page, config] = await Promise.all([client.get(frontend, '/'), client.get(frontend, '/config.json')]);
  assert.deepEqual([page.status, config.status], [200, 200]);
  assert.ok((await config.json()).backendUrl);
});

test('a login at the backend opens the REST side', async (t) => {
  const client = clientFor(t);
  const login = await client.post(backend, '/api/login', { json: { user: 'demo', password: 'demo-password' } });
  assert.equal(login.status, 200);
  const { token } = await login.json();
  assert.equal((await client.get(backend, '/api/messages', { token })).status, 200);
  assert.equal((await client.get(backend, '/api/messages')).status, 401);
});

test('an agent runs over REST', async (t) => {
  const client = clientFor(t);
  const token = await client.login(auth);
  const response = await client.post(backend, '/api/agents/run', { token, json: { message: 'one two' } });
  const { tool_name, final_response } = await response.json();
  assert.deepEqual([response.status, tool_name, final_response], [200, 'word_count', 'words: 2']);
});

test('the page shows every event of a run', async (t) => {
  const client = clientFor(t);
  const module = await (await client.get(frontend, '/event-view.js')).text();
  const { eventView } = await import(`data:text/javascript,${encodeURIComponent(module)}`);
  const socket = await client.session(auth, backend);
  for (const event of await socket.run('one two three')) {
    const { text, failed } = eventView(event);
    assert.equal(failed, false, `the page shows ${event.type} as "${text}"`);
  }
});

test('a question is answered on the page and kept', async (t) => {
  const client = clientFor(t);
  assert.equal((await client.get(frontend, '/')).status, 200);
  const token = await client.login(auth);
  const socket = await client.socket(backend, ['jwt-auth', `jwt.${token}`]);
  assert.equal((await socket.next()).type, 'ready');
  const events = await socket.run('one two three four');
  const runId = fieldOf(eventOf(events, 'agent_completed'), 'run_id');
  const response = await client.get(backend, `/api/messages?run_id=${runId}`, { token });
  const { messages } = await response.json();
  assert.deepEqual(
    messages.map(({ run_id, text, answer }) => [run_id, text, answer]),
    [[runId, 'one two three four', 'words: 4']],
  );
  assert.deepEqual(fieldOf(eventOf(events, 'tool_completed'), 'results'), [{ name: 'words', value: 4 }]);
});
