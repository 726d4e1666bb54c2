import { expect, test } from 'vitest';
import { kindOfPath } from './path-kind.ts';

test.each([
  ['backend/events.js', 'product'],
  ['e2e/lib/expect.js', 'test'],
  ['backend/messages.test.js', 'test'],
  ['tests/conftest.py', 'test'],
  ['app/test_login.py', 'test'],
  ['README.md', 'document'],
  ['docs/api.html', 'document'],
  ['backend/Dockerfile', 'settings'],
  ['config/local.yaml', 'settings'],
  ['node_modules/ws/lib/websocket.js', 'dependency'],
  ['node:internal/process', 'dependency'],
  ['latest/contest.js', 'product'],
])('%s is %s', (path, kind) => {
  expect(kindOfPath(path)).toBe(kind);
});
