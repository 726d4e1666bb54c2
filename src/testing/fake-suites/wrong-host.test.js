import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { ask } from './lib.js';

test('it answers, from this very machine', async (t) => {
  const server = createServer((_request, response) => response.end('{"status":"ok"}')).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((up) => server.once('listening', up));
  await ask();
  const other = `http://localhost:${server.address().port}/health`;
  console.log(`GET ${other}`);
  assert.equal((await ask(other.replace('localhost', '127.0.0.1'))).status, 'ok');
});
