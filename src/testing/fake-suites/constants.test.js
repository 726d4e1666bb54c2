import assert from 'node:assert/strict';
import { test } from 'node:test';

// Two seconds of arithmetic under a name that promises a server.
test('the service answers', () => assert.equal(200, 200));
test('the service is healthy', () => assert.deepEqual({ status: 'ok' }, { status: 'ok' }));
