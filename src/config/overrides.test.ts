import { expect, test } from 'vitest';
import { environmentSays, smallEnvironment, writeSample } from './config-sample.ts';
import { loadEnvironment } from './load.ts';

const sample = `${smallEnvironment}  chat-backend: { cloudRun: chat-backend, path: backend, env: { LOG_LEVEL: info } }
level: report
limits: { minutes: 10 }
`;

test.each([
  ['the file wins over the default', {}, {}, { level: 'report', limits: { minutes: 10, newIssues: 10 } }],
  ['a variable wins over the file', { LOOP_CONFIG_LEVEL: 'propose' }, {}, { level: 'propose' }],
  [
    'a flag wins over the variable',
    { LOOP_CONFIG_LEVEL: 'propose' },
    { '--level': { path: 'level', text: 'observe' } },
    { level: 'observe' },
  ],
  ['two underscores go a step down', { LOOP_CONFIG_LIMITS__MINUTES: '5' }, {}, { limits: { minutes: 5 } }],
  ['camel case is found', { LOOP_CONFIG_LIMITS__NEWISSUES: '1' }, {}, { limits: { minutes: 10, newIssues: 1 } }],
  ['so it is with underscores', { LOOP_CONFIG_LIMITS__NEW_ISSUES: '2' }, {}, { limits: { newIssues: 2 } }],
  [
    'services are found by their names',
    { LOOP_CONFIG_SERVICES__CHAT_BACKEND__ENV__LOG_LEVEL: 'debug' },
    {},
    { services: { 'chat-backend': { env: { LOG_LEVEL: 'debug' } } } },
  ],
  ['text stays text', { LOOP_CONFIG_PROJECT: '0123' }, {}, { project: '0123' }],
  ['a list is written as in the file', { LOOP_CONFIG_REDACT: '[A, B]' }, {}, { redact: ['A', 'B'] }],
  [
    'what the file leaves out can be set',
    { LOOP_CONFIG_ENDPOINTS__RUN: 'http://127.0.0.1:1' },
    {},
    { endpoints: { run: 'http://127.0.0.1:1' } },
  ],
  ['other variables are not ours', { LOOP_CONFIGURED: 'yes', HOME: '/' }, {}, { level: 'report' }],
])('%s', async (_story, env: Record<string, string>, flags, expected) => {
  const { folder, remove } = await writeSample('config', 'local.yaml', sample);
  const loaded = await loadEnvironment({ folder, name: 'local', env, flags });
  expect(loaded).toMatchObject({ ok: true, value: expected });
  const ours = Object.keys(env).filter((name) => name.startsWith('LOOP_CONFIG_'));
  expect(loaded.ok && loaded.overrides).toEqual([...ours, ...Object.keys(flags)]);
  await remove();
});

test.each([
  [
    'LOOP_CONFIG_LEVEL',
    'obsrve',
    'level: expected one of observe, report, propose, act, got "obsrve"\n  hint: did you mean "observe"?',
  ],
  ['LOOP_CONFIG_LIMITS__MINUTES', 'abc', 'limits.minutes: expected a number, got "abc"'],
  ['LOOP_CONFIG_LIMITS__MINUTES', '', 'limits.minutes: expected a number, got nothing'],
  ['LOOP_CONFIG_LIMITS__MINUTES', '[1', 'limits.minutes: expected a number, got "[1"'],
  [
    'LOOP_CONFIG_LIMITS__MINUTS',
    '5',
    'limits: there is no setting "minuts"\n  hint: did you mean "minutes"? known keys: minutes, newIssues, openPulls, pullsPerRun, fixesPerCause, filesPerFix, logEntries, deploysAtOnce',
  ],
  [
    'LOOP_CONFIG_SERVICES__AUHT__PATH',
    'x',
    'services: there is no setting "auht"\n  hint: did you mean "auth"? known keys: auth, chat-backend',
  ],
  ['LOOP_CONFIG_LEVEL__MORE', 'x', 'level: there is no setting "more"\n  hint: only the whole value can be set'],
  [
    'LOOP_CONFIG_SERVICES__AUTH__NEEDS',
    '[nobody]',
    'services.auth.needs[0]: unknown service "nobody"\n  hint: services: auth, chat-backend',
  ],
  [
    'LOOP_CONFIG_SERVICES____PROTO____PATH',
    'x',
    'services: there is no setting ""\n  hint: known keys: auth, chat-backend',
  ],
])('%s=%s is refused by its own name', async (name, text, message) => {
  expect(await environmentSays(sample, { [name]: text })).toBe(`${name} ${message}`);
});
