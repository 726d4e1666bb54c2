import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientFor } from './lib/client.js';
import { serviceUrl } from './lib/services.js';

const frontend = serviceUrl('frontend');

test('the page is HTML and loads its client', async (t) => {
  const response = await clientFor(t).get(frontend, '/');
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type'), /^text\/html\b/);
  assert.match(await response.text(), /<script type="module" src="\/client\.js">/);
});

test('the configuration names a backend', async (t) => {
  const response = await clientFor(t).get(frontend, '/config.json');
  const { backendUrl } = await response.json();
  assert.match(new URL(backendUrl).protocol, /^https?:$/);
});

test('the client speaks the backend’s subprotocol', async (t) => {
  const response = await clientFor(t).get(frontend, '/client.js');
  assert.match(response.headers.get('content-type'), /^text\/javascript\b/);
  assert.match(await response.text(), /'jwt-auth'/);
});

test('the event view is served as a module', async (t) => {
  const response = await clientFor(t).get(frontend, '/event-view.js');
  assert.equal(response.status, 200);
  assert.match(await response.text(), /^export function eventView\(/m);
});

test('what is not public is not found', async (t) => {
  const client = clientFor(t);
  for (const path of ['/server.js', '/%2e%2e/server.js', '/..%2fserver.js', '/nothing']) {
    assert.equal((await client.get(frontend, path)).status, 404, path);
  }
});

test('the service says that it is well', async (t) => {
  const response = await clientFor(t).get(frontend, '/health');
  const { status, service } = await response.json();
  assert.deepEqual([response.status, status, service], [200, 'ok', 'frontend']);
});
