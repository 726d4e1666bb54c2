import assert from 'node:assert/strict';
import { ask, failOnce, soon } from './service.js';

describe('instead of the mock server', function () {
  this.retries(2);
  it('the service answers', async function () {
    console.log('# GET / 200 (mock: off, bypass: off)');
    assert.equal((await ask(this.test.title)).status, 200);
  });
  it('the service answers late', async function () {
    this.slow(100);
    await soon(350);
    assert.equal((await ask(this.test.title)).status, 200);
  });
  it('the service answers at the second attempt', async function () {
    failOnce(this.test.title);
    assert.equal((await ask(this.test.title)).status, 200);
  });
  for (const field of ['status', 'greeting']) {
    it(`the answer has "${field}"`, async function () {
      assert.ok(field in (await ask(this.test.title)).body);
    });
  }
  it('the service forgets');
});
