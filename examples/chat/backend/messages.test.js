import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMessages } from './messages.js';

test('a user sees the own messages only, newest first', () => {
  const messages = createMessages();
  messages.add('demo', { run_id: 'r1', text: 'first' });
  messages.add('demo', { run_id: 'r2', text: 'second' });
  messages.add('guest', { run_id: 'r3', text: 'other' });
  assert.deepEqual(
    messages.list('demo', {}).map(({ text }) => text),
    ['second', 'first'],
  );
  assert.deepEqual(messages.list('nobody', {}), []);
});

test('the list is narrowed to a run and cut at a limit', () => {
  const messages = createMessages();
  for (let n = 0; n < 600; n += 1) messages.add('demo', { run_id: `r${n % 3}`, text: String(n) });
  assert.equal(messages.list('demo', { limit: 10_000 }).length, 500);
  assert.equal(messages.list('demo', {}).length, 50);
  assert.ok(messages.list('demo', { runId: 'r1' }).every(({ run_id }) => run_id === 'r1'));
});
