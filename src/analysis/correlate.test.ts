import { expect, test } from 'vitest';
import { correlate, type TestTrail } from './correlate.ts';
import { logEntry } from './log-entry.sample.ts';

const run = '0123456789abcdef';
const [mine, other] = [`${run}aaaaaaaaaaaaaaaa`, `${run}bbbbbbbbbbbbbbbb`];
const request = (url: string, status: number) => ({ method: 'GET', url, status, userAgent: 'loop', latencyMs: 1 });
const entries = [
  logEntry({ insertId: 'line', at: '2025-09-16T00:00:02Z', trace: mine, text: 'event sent' }),
  logEntry({
    insertId: 'request',
    at: '2025-09-16T00:00:01Z',
    trace: `projects/demo/traces/${mine}`,
    request: request('https://b.example/ws', 101),
  }),
  logEntry({
    insertId: 'failed',
    at: '2025-09-16T00:00:03Z',
    trace: `projects/demo/traces/${other}`,
    request: request('https://b.example/api/x?y=1', 503),
  }),
  logEntry({ insertId: 'its line', at: '2025-09-16T00:00:04Z', trace: other, text: 'boom' }),
  logEntry({ insertId: 'fine', at: '2025-09-16T00:00:05Z', request: request('https://b.example/api/x', 200) }),
  logEntry({ insertId: 'late', at: '2025-09-16T01:00:00Z', request: request('https://b.example/api/x', 503) }),
];
const window = { from: '2025-09-16T00:00:00Z', to: '2025-09-16T00:01:00Z' };

test.each<[string, Partial<TestTrail>, string, string[]]>([
  ['by its trace', { traceId: mine }, 'trace', ['request', 'line']],
  [
    'by path and status in its time, with the lines of that request',
    { message: 'GET /api/x gave 503' },
    'request',
    ['failed', 'its line'],
  ],
  [
    'by path alone where it names no status',
    { message: 'https://b.example/api/x is slow' },
    'request',
    ['failed', 'its line', 'fine'],
  ],
  ['not by a status that nobody answered', { message: 'GET /api/x gave 404' }, 'none', []],
  ['not without a time', { message: 'GET /api/x gave 503', window: null }, 'none', []],
  ['not by a trace that nobody logged', { traceId: `${run}cccccccccccccccc` }, 'none', []],
])('a test finds its entries %s', (_story, given, how, insertIds) => {
  const [found] = correlate([{ test: 't', traceId: null, window, message: '', ...given }], entries);
  expect([found?.how, found?.entries.map((entry) => entry.insertId)]).toEqual([how, insertIds]);
});
