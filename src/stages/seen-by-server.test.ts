import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnvironmentConfig } from '../config/environment.ts';
import { PipelineConfig } from '../config/pipeline.ts';
import { noCounts } from '../core/record.ts';
import { testTraceId } from '../core/test-trace.ts';
import type { LogEntry, LogQuery } from '../ports/logs.ts';
import { endOf, SmallRun } from '../testing/small-run.ts';
import { type SeenAnswer, seenByServer } from './seen-by-server.ts';

let run: SmallRun;
beforeEach(async () => {
  run = await SmallRun.create();
});
afterEach(() => run.remove());

const traceparent = `00-${'a'.repeat(16)}${'b'.repeat(16)}-${'c'.repeat(16)}-01`;
const attempt = {
  ...{ suite: 'chat', id: '1a2b3c4d', startedAt: '2026-11-20T19:00:00.000Z', endedAt: '2026-11-20T19:00:02.000Z' },
  ...{ how: 'exited' as const, exitCode: 0, message: null, durationMs: 2_000, peakRssBytes: null, counts: noCounts },
  ...{ reportProblem: null, reportDoubts: [], summaryProblem: null, red: [], evidence: [], traceparent },
  passed: ['chat > it opens', 'chat > the page answers'],
};
const services = {
  backend: { cloudRun: 'chat-backend', path: 'b' },
  frontend: { cloudRun: 'chat-frontend', path: 'f' },
};
const environment = EnvironmentConfig.parse({
  ...{ environment: 'local', project: 'demo', region: 'local', repository: { owner: 'demo', name: 'chat' }, services },
});
const suites = { chat: { service: 'backend', run: ['node'], report: { path: '*.xml' } } };
const pipeline = PipelineConfig.parse({
  ...{ pipeline: 'e2e', logs: { settleSeconds: 2 }, phases: [{ name: 'all', suites: ['chat'] }], suites },
});

interface Written {
  /** When the entry can be read, after the suite ended. */
  readonly afterMs: number;
  readonly service: string;
  readonly test: string;
  readonly at?: string;
}

/** A log whose entries appear late; a clock that moves as fast as somebody waits. */
async function seenIn(log: readonly Written[], more: { given?: string[]; truncated?: boolean } = {}) {
  const asked: LogQuery[] = [];
  const began = run.now.getTime();
  const logs = {
    read: async (query: LogQuery) => {
      asked.push(query);
      const there = log.filter((one) => run.now.getTime() - began >= one.afterMs);
      const entries = there.filter((one) => query.services.includes(one.service)).map(entryOf);
      return { ok: true as const, value: { filter: 'f', entries, truncated: more.truncated ?? false } };
    },
  };
  const sleep = async (ms: number) => {
    run.now = new Date(run.now.getTime() + ms);
  };
  const answers: SeenAnswer[] = [];
  run.stages.testing = async (stage) => {
    const given = more.given === undefined ? {} : { given: more.given };
    const expected = [{ attempt, service: 'backend', revision: 'chat-backend-2', ...given }];
    answers.push(await seenByServer(`${stage.key}/seen`, expected, { environment, pipeline, logs, sleep }, stage));
    return endOf('testing');
  };
  await run.drive();
  return { seen: answers[0]?.seen[attempt.id], waitedMs: run.now.getTime() - began, asked: asked[0]?.services };
}

function entryOf({ service, test, at = attempt.startedAt }: Written): LogEntry {
  const trace = `projects/demo/traces/${testTraceId(traceparent, test)}`;
  const userAgent = `loop/1 (run run-a; attempt ${attempt.id})`;
  const request = { method: 'GET', url: `https://${service}/`, status: 200, userAgent, latencyMs: 5 };
  return {
    ...{ insertId: test, at, severity: 'INFO', log: 'requests', service, revision: `${service}-2` },
    ...{ trace, text: null, json: null, request, audit: null },
  };
}

const own: Written = { afterMs: 0, service: 'chat-backend', test: 'it opens' };
const given = ['backend', 'frontend'];

test('a test that talks to another service of the suite alone is found in that service’s log', async () => {
  const { seen, waitedMs, asked } = await seenIn(
    [own, { ...own, service: 'chat-frontend', test: 'the page answers' }],
    {
      given,
    },
  );
  expect(seen).toEqual({ requests: 1, elsewhere: 0, revision: 'chat-backend-2', tests: { seen: 2, of: 2 } });
  expect({ waitedMs, asked }).toEqual({ waitedMs: 0, asked: ['chat-backend', 'chat-frontend'] });
});

test('a socket’s entry that is written late is waited for, up to the settle time', async () => {
  const late = await seenIn([own, { ...own, afterMs: 1_400, test: 'the page answers' }], { given });
  expect(late).toMatchObject({ seen: { tests: { seen: 2, of: 2 } }, waitedMs: 1_500 });
});

test('a test that left nothing by then is not seen', async () => {
  const never = await seenIn([own, { ...own, afterMs: 9_000, test: 'the page answers' }], { given });
  expect(never).toMatchObject({ seen: { tests: { seen: 1, of: 2 } }, waitedMs: 2_000 });
});

test('a log that was cut off tells nothing of single tests', async () => {
  expect(await seenIn([own], { given, truncated: true })).toMatchObject({ seen: { tests: null }, waitedMs: 0 });
});

test('where nobody asks about single tests, nobody waits for them', async () => {
  const { seen, waitedMs, asked } = await seenIn([own]);
  expect({ seen, waitedMs, asked }).toMatchObject({ seen: { tests: null }, waitedMs: 0, asked: ['chat-backend'] });
});

test.each([
  ['is no request of it', [], { requests: 0, tests: null }],
  ['is not added to what it asks now', [own], { requests: 1, tests: { seen: 1, of: 2 } }],
])('what the attempt asked before a crash, begun again since, %s', async (_story, now, counted) => {
  const before = { ...own, at: '2026-11-20T18:58:00.000Z' };
  expect((await seenIn([before, ...now], { given })).seen).toMatchObject(counted);
});
