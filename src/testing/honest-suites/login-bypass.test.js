import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ask, soon, url } from './service.js';

// Named after what it refuses: file, group and tests hold the words that helpers print when they cheat.
describe('a login bypass', () => {
  test('is refused', async (t) => {
    console.log(`GET ${url}: AUTH_BYPASS=false, login bypass: disabled, not using a mock`);
    assert.equal((await ask(t.name)).status, 200);
  });
  test('is refused after falling back to a mock token', async (t) => {
    await soon(350);
    assert.equal((await ask(t.name)).body.status, 'ok');
  });
  test('is refused over a socket', { skip: 'needs the mock server of another night' });
});
for (const [name, field] of [
  ['[0] status > ok', 'status'],
  ['[1] "greeting" & <hello>', 'greeting'],
]) {
  test(`it has ${name}`, async (t) => assert.ok(field in (await ask(t.name)).body));
}
test('no coroutine was never awaited', async (t) => {
  console.error('warning: 3 requests were slow; see https://datatracker.ietf.org/doc/html/rfc9110#section-15.5.1');
  assert.equal((await ask(t.name)).status, 200);
});
