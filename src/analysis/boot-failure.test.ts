import { expect, test } from 'vitest';
import { bootWords } from '../core/boot-words.ts';
import type { LogEntry } from '../ports/logs.ts';
import { bootFailureOf, tellsTheEnd } from './boot-failure.ts';

const entry = (text: string, index = 0, more: Partial<LogEntry> = {}): LogEntry => ({
  insertId: `i${index}`,
  at: `2026-11-21T10:00:${String(index).padStart(2, '0')}Z`,
  severity: 'DEFAULT',
  log: 'stderr',
  service: 'web',
  revision: 'web-2',
  trace: null,
  text,
  json: null,
  request: null,
  audit: null,
  ...more,
});
const log = (...texts: string[]) => texts.map((text, index) => entry(text, index));
const start = 'Starting new instance. Reason: DEPLOYMENT_ROLLOUT - Instance started due to traffic shifting.';
const listen =
  'The user-provided container failed to start and listen on the port defined provided by the PORT=8080 environment';

test.each([
  [
    'node, a module is missing',
    log(start, "Error: Cannot find module './lib'\nRequire stack:", 'Container called exit(1).'),
    listen,
    "missing module './lib' (exit code 1, 1 boot)",
  ],
  [
    'python, a module is missing',
    log(start, "ModuleNotFoundError: No module named 'flask'", 'Container called exit(3).'),
    listen,
    "missing module 'flask' (exit code 3, 1 boot)",
  ],
  [
    'an exit, three boots of many lines',
    log(...[1, 2, 3].flatMap(() => [start, 'one', 'two', 'Container called exit(3).'])),
    listen,
    'it exited by itself (exit code 3, 3 boots)',
  ],
  ['a signal', log(start, 'Container terminated on signal 6.'), listen, 'it ended on signal 6 (1 boot)'],
  [
    'it listens nowhere, and the platform tells it to stop',
    log(start, 'waiting', 'Container terminated on signal 15.'),
    listen,
    'it did not listen on port 8080 (1 boot)',
  ],
  ['it listens nowhere', log(start, 'waiting'), listen, 'it did not listen on port 8080 (1 boot)'],
  [
    'its memory',
    log(start, 'Memory limit of 512 MiB exceeded with 530 MiB used.', 'Container called exit(137).'),
    listen,
    'out of memory (limit 512 MiB) (exit code 137, 1 boot)',
  ],
  ['no such image', [], "Image 'r/web:1' not found.", "image 'r/web:1' not found"],
  [
    'another architecture',
    log(start, 'exec /app/run: exec format error'),
    listen,
    'its command cannot be executed (1 boot)',
  ],
  [
    'no such program',
    [],
    "The user-provided container failed to start: 'nodd' could not be run (ENOENT).",
    "'nodd' cannot be executed",
  ],
  ['nothing that is known', [], 'something else', null],
])('%s', (_name, entries, platform, words) => {
  expect(bootWords({ ...bootFailureOf(entries, platform), evidence: [] })).toBe(words);
});

test('the last entries are kept, clipped, without requests and audit lines', () => {
  const many = Array.from({ length: 30 }, (_, index) => `line ${index} ${'x'.repeat(1000)}`);
  const request = { method: 'GET', url: '/', status: 503, userAgent: '', latencyMs: 1 };
  const audit = entry('told', 40, { log: 'cloudaudit.googleapis.com/system_event' });
  const { lastEntries } = bootFailureOf([...log(...many), entry('asked', 39, { request }), audit], listen);
  expect(lastEntries).toHaveLength(10);
  expect(lastEntries.at(-1)).toMatch(/^line 29 x+…$/);
  expect(Math.max(...lastEntries.map((one) => one.length))).toBe(300);
});

test('what names the class is kept, however long the stack trace behind it is', () => {
  const frames = Array.from({ length: 30 }, (_, index) => `    at frame${index} (file.js:1:1)`);
  const { lastEntries } = bootFailureOf(log(start, "Error: Cannot find module 'x'", ...frames), listen);
  expect(lastEntries[0]).toBe("Error: Cannot find module 'x'");
  expect(lastEntries).toHaveLength(10);
  expect(lastEntries.at(-1)).toBe('at frame29 (file.js:1:1)');
});

test('a structured entry keeps its short fields, not what only its logger needs', () => {
  const json = { message: 'missing environment', missing: ['AUTH_URL'], time: 'now', stack: 'x'.repeat(500) };
  const bare = { code: 7, severity: 'ERROR' };
  const { lastEntries } = bootFailureOf(
    [entry('', 0, { text: null, json }), entry('', 1, { text: null, json: bare })],
    listen,
  );
  expect(lastEntries).toEqual(['missing environment {"missing":["AUTH_URL"]}', '{"code":7}']);
});

test.each([
  [true, 'Container called exit(0).'],
  [true, 'Container terminated on signal 9.'],
  [false, 'still starting'],
])('whether the end is told: %s', (told, text) => {
  expect(tellsTheEnd(log(start, text))).toBe(told);
});
