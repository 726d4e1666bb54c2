import { expect, test } from 'vitest';
import { configHash, resolveServiceEnv } from './service-env.ts';

const urls = { auth: 'http://127.0.0.1:4001', backend: 'https://backend.example' };
const env = { DEMO_JWT_SECRET: 'not told', EMPTY: '' };

test.each([
  ['plain text', { A: 'text' }, { A: 'text' }],
  ['a variable', { JWT_SECRET: { env: 'DEMO_JWT_SECRET' } }, { JWT_SECRET: 'not told' }],
  ['an address', { AUTH_URL: `\${url.auth}` }, { AUTH_URL: urls.auth }],
  ['addresses inside text', { A: `a=\${url.auth}/x b=\${url.backend}` }, { A: `a=${urls.auth}/x b=${urls.backend}` }],
  ['a dollar that is none of ours', { A: 'costs $5 $url.auth' }, { A: 'costs $5 $url.auth' }],
])('%s', (_story, given, value) => {
  expect(resolveServiceEnv({ env: given }, { urls, env })).toEqual({ ok: true, value });
});

const unset = 'A comes from the variable NOT_SET, which is not set';
test.each([
  ['a variable that is not set', { A: { env: 'NOT_SET' } }, unset, 'set NOT_SET where loop runs'],
  [
    'a variable that is empty',
    { A: { env: 'EMPTY' } },
    'A comes from the variable EMPTY, which is not set',
    'set EMPTY where loop runs',
  ],
  [
    'an address that is not known',
    { A: `\${url.frontend}` },
    'A needs the address of frontend, which is not known',
    'deploy frontend first',
  ],
  [
    'a name of JavaScript',
    { A: `\${url.constructor}` },
    'A needs the address of constructor, which is not known',
    'deploy constructor first',
  ],
])('refused: %s', (_story, given, message, hint) => {
  expect(resolveServiceEnv({ env: given }, { urls, env })).toEqual({
    ok: false,
    failure: { code: 'config', message, hint },
  });
});

test('the hash follows command, names and values, in whatever order', () => {
  const service = { command: ['node', 'server.js'] };
  const hash = configHash(service, { A: '1', B: '2' });
  expect(hash).toMatch(/^[0-9a-f]{12}$/);
  expect(configHash(service, { B: '2', A: '1' })).toBe(hash);
  expect(configHash(service, { A: '1', B: '3' })).not.toBe(hash);
  expect(configHash(service, { A: '1', C: '2' })).not.toBe(hash);
  expect(configHash({ command: ['node', 'other.js'] }, { A: '1', B: '2' })).not.toBe(hash);
});

test('settings are part of the hash, and none leave it as it was', () => {
  const service = { command: ['node'] };
  const bare = configHash(service, {});
  expect(configHash({ ...service, settings: {} }, {})).toBe(bare);
  const small = configHash({ ...service, settings: { memory: '512Mi', cpu: '1' } }, {});
  expect(configHash({ ...service, settings: { cpu: '1', memory: '512Mi' } }, {})).toBe(small);
  expect(new Set([bare, small, configHash({ ...service, settings: { memory: '1Gi', cpu: '1' } }, {})]).size).toBe(3);
});
