import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { LogEntry } from '../ports/logs.ts';
import { clusterLogs } from './log-clusters.ts';
import { logEntry } from './log-entry.sample.ts';

const errorsOf = (entries: readonly LogEntry[]) =>
  clusterLogs({ entries }).clusters.filter((cluster) => cluster.isError);

describe('what is one cluster', () => {
  const same: [string, Partial<LogEntry>[], number][] = [
    ['two lines that differ in numbers', [{ text: 'lost 1 of 2' }, { text: 'lost 3 of 4' }], 1],
    ['two services', [{ text: 'x' }, { text: 'x', service: 'chat-auth' }], 2],
    [
      'two severities',
      [
        { text: 'x', severity: 'ERROR' },
        { text: 'x', severity: 'INFO' },
      ],
      2,
    ],
    ['two exception classes', [{ text: 'a TypeError: x' }, { text: 'a RangeError: x' }], 2],
    [
      'one exception in a traceback and in a message',
      [
        { text: "Traceback (most recent call last):\n  f\nKeyError: 'a_b'", severity: 'ERROR' },
        { severity: 'ERROR', json: { message: "failed: KeyError: 'a_b'" } },
      ],
      1,
    ],
    [
      'one message with other keys',
      [{ json: { message: 'sent', to: 'a' } }, { json: { message: 'sent', by: 'a' } }],
      2,
    ],
    [
      'one message with other volatile keys',
      [{ json: { message: 'sent', durationMs: 3 } }, { json: { message: 'sent', trace: 'x' } }],
      1,
    ],
    [
      'one message, whatever the logger says of itself',
      [{ json: { message: 'a', labels: { line: 1706 } } }, { json: { message: 'b', labels: { line: 1706 } } }],
      2,
    ],
    ['requests below 500', [{ request: request(404) }], 0],
    ['two requests that fail alike', [{ request: request(503, '/a/1?x=1') }, { request: request(503, '/a/2') }], 1],
    ['two statuses', [{ request: request(503) }, { request: request(500) }], 2],
  ];
  test.each(same)('%s', (_story, given, clusters) => {
    const entries = given.map((entry, n) => logEntry({ insertId: `${n}`, ...entry }));
    expect(clusterLogs({ entries }).clusters).toHaveLength(clusters);
  });
});

test('a line without a severity stays DEFAULT, and is an error when its text says so', () => {
  const texts = [
    '[ERROR] Worker failed to boot',
    'Traceback (most recent call last):\n  f\nKeyError: 1',
    'Error: boom',
    'all is well',
  ];
  const entries = texts.map((text, n) => logEntry({ insertId: `${n}`, text }));
  const { clusters } = clusterLogs({ entries });
  expect(clusters.map(({ severity, isError }) => `${severity} ${isError}`).sort()).toEqual([
    'DEFAULT false',
    'DEFAULT true',
    'DEFAULT true',
    'DEFAULT true',
  ]);
});

test('audit entries are a time line, empty ones are counted, doubles are not', () => {
  const audit = logEntry({
    insertId: 'deploy',
    log: 'cloudaudit.googleapis.com/activity',
    severity: 'NOTICE',
    json: { methodName: 'ReplaceService' },
  });
  const boom = logEntry({ insertId: 'b', text: 'boom' });
  const { clusters, timeline, withoutPayload } = clusterLogs({
    entries: [boom, audit, boom, logEntry({ insertId: 'c' })],
  });
  expect(clusters.map(({ template, count }) => [template, count])).toEqual([['boom', 1]]);
  expect(timeline).toEqual([audit]);
  expect(withoutPayload).toBe(1);
});

describe('a service that crashes three times', () => {
  const boots = [0, 1, 2].flatMap((n) => crash(n));

  test('has one root, three times, however many lines tell of it', () => {
    const clusters = errorsOf(boots);
    const root = clusters.find((cluster) => cluster.exception === 'ModuleNotFoundError');
    expect(root).toMatchObject({
      count: 3,
      boots: 3,
      root: null,
      template: "ModuleNotFoundError: No module named 'chat.events'",
    });
    expect(clusters.filter((cluster) => cluster !== root).map(({ count, root: of }) => [count, of])).toEqual([
      [3, root?.fingerprint],
      [3, root?.fingerprint],
    ]);
  });

  test('is told the same way whatever the order of its lines', () => {
    expect(clusterLogs({ entries: [...boots].reverse() })).toEqual(clusterLogs({ entries: boots }));
  });

  test('while a healthy one counts each of its errors', () => {
    const entries = [0, 1, 2].map((n) =>
      logEntry({ insertId: `${n}`, at: `2025-09-16T00:00:0${n}Z`, severity: 'ERROR', text: `request ${n} failed` }),
    );
    const start = logEntry({ insertId: 's', at: '2025-09-15T23:59:59Z', text: 'server listening on 8080' });
    expect(errorsOf([start, ...entries])).toMatchObject([{ count: 3, boots: 1, root: null }]);
  });
});

test('a baseline tells what is new, what stays and what is gone', () => {
  const before = clusterLogs({
    entries: [logEntry({ insertId: '1', text: 'old' }), logEntry({ insertId: '2', text: 'both' })],
  }).clusters;
  const entries = [
    logEntry({ insertId: '3', text: 'both' }),
    logEntry({ insertId: '4', text: 'fresh', revision: 'chat-backend-00002-abc' }),
  ];
  const statuses = (more: object) =>
    clusterLogs({ entries, baseline: before, ...more })
      .clusters.map(({ template, status }) => `${template} ${status}`)
      .sort();
  expect(statuses({})).toEqual(['both persisting', 'fresh new', 'old gone']);
  expect(statuses({ complete: false })).toEqual(['both persisting', 'fresh new']);
  expect(statuses({ known: new Set(before.map((cluster) => cluster.fingerprint)) })).toEqual([
    'both known',
    'fresh new',
    'old gone',
  ]);
  expect(clusterLogs({ entries: [], baseline: before }).clusters).toEqual([]);
});

test('times are compared to the nanosecond, however many digits they have', () => {
  const at = ['2025-09-16T00:42:59.91Z', '2025-09-16T00:42:59.910054Z', '2025-09-16T00:42:59Z'];
  const [cluster] = clusterLogs({ entries: at.map((time) => logEntry({ at: time, text: 'x' })) }).clusters;
  expect([cluster?.firstAt, cluster?.lastAt]).toEqual(['2025-09-16T00:42:59Z', '2025-09-16T00:42:59.910054Z']);
});

test('106 seconds of a real crash loop are one root, 15 times', () => {
  const file = new URL(
    '../../../shared/corpora/real-runs/L01-gcp_logs_last_hour_20250915_175001.json',
    import.meta.url,
  );
  if (!existsSync(file)) return void process.stderr.write('corpora/real-runs is not there: not checked\n');
  const exported: ExportedEntry[] = JSON.parse(readFileSync(file, 'utf8'));
  const errors = errorsOf(exported.map(fromExport));
  const roots = errors.filter((cluster) => cluster.root === null);
  expect(roots).toMatchObject([{ exception: 'ModuleNotFoundError', count: 15, boots: 15 }]);
  expect(errors.map((cluster) => cluster.count)).toEqual(errors.map(() => 15));
});

function request(status: number, url = 'https://chat-backend.example/a') {
  return { method: 'GET', url, status, userAgent: 'loop', latencyMs: 3 };
}

function crash(n: number): LogEntry[] {
  const lines: [string, string, string][] = [
    ['varlog/system', 'INFO', 'Starting new instance. Reason: AUTOSCALING'],
    ['stderr', 'DEFAULT', `[ERROR] Exception in worker ${n}`],
    [
      'stderr',
      'ERROR',
      'Traceback (most recent call last):\n  File "a.py", line 3\nModuleNotFoundError: No module named \'chat.events\'',
    ],
    ['stderr', 'ERROR', "setup failed: ModuleNotFoundError: No module named 'chat.events'"],
    ['stderr', 'ERROR', 'Traceback (most recent call last):\n  File "b.py", line 9\nRuntimeError: setup failed'],
    ['varlog/system', 'WARNING', 'Container called exit(3).'],
  ];
  return lines.map(([log, severity, text], at) =>
    logEntry({ insertId: `${n}-${at}`, at: `2025-09-16T00:0${n}:0${at}Z`, log, severity, text }),
  );
}

interface ExportedEntry {
  readonly insertId: string;
  readonly timestamp: string;
  readonly severity?: string;
  readonly logName: string;
  readonly textPayload?: string;
  readonly jsonPayload?: Record<string, unknown>;
  readonly resource: { readonly labels: { readonly service_name: string; readonly revision_name: string } };
}

function fromExport(entry: ExportedEntry): LogEntry {
  return logEntry({
    insertId: entry.insertId,
    at: entry.timestamp,
    severity: entry.severity ?? 'DEFAULT',
    log: decodeURIComponent(entry.logName).replace(/^.*\/logs\/run\.googleapis\.com\//, ''),
    service: entry.resource.labels.service_name,
    revision: entry.resource.labels.revision_name,
    text: entry.textPayload ?? null,
    json: entry.jsonPayload ?? null,
  });
}
