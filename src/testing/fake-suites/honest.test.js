import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, url } from './lib.js';

test('a login bypass is refused', async () => {
  console.log(`GET ${url}`);
  assert.equal((await ask()).status, 'ok');
});
test('it greets', async () => assert.equal((await ask()).greeting, 'hello'));
