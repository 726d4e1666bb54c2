import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EnvironmentConfig } from '../config/environment.ts';
import { SuiteConfig } from '../config/pipeline.ts';
import { fail } from '../core/result.ts';
import { processTester } from '../providers/process/tester.ts';
import { endOf, SmallRun } from '../testing/small-run.ts';
import { runSuite, type SuiteAttempt } from './suite-attempt.ts';
import { unsound } from './unsound-attempt.ts';

let run: SmallRun;
beforeEach(async () => {
  run = await SmallRun.create();
  writeFileSync(join(run.folder, 'hang.test.js'), nodeTests);
  writeFileSync(join(run.folder, 'live.mjs'), liveReporter);
  writeFileSync(join(run.folder, 'test_hang.py'), pythonTests);
});
afterEach(() => run.remove());

const nodeTests = `
const { test } = require('node:test');
test('passes', () => {});
test('fails', () => { throw new Error('no'); });
test('hangs', async () => { await new Promise(() => setInterval(() => {}, 1000)); });
`;
/** node's own reporters tell a test only when it has ended; this one tells what begins. */
const liveReporter = `
export default async function* live(events) {
  for await (const { type, data } of events) {
    const { name, nesting, file, skip, todo } = data;
    yield JSON.stringify({ type, data: { name, nesting, file, skip, todo } }) + '\\n';
  }
}
`;
const pythonTests = `
import time
def test_passes(): pass
def test_fails(): assert 1 == 2
class TestHang:
    def test_hangs(self): time.sleep(60)
`;

const services = { api: { cloudRun: 'api', path: 'api' } };
const environment = EnvironmentConfig.parse({
  environment: 'local',
  project: 'demo',
  region: 'local',
  repository: { owner: 'demo', name: 'chat' },
  services,
});

interface Ended {
  readonly attempt: SuiteAttempt;
  readonly progress: readonly string[];
  readonly because: string | null;
}

async function attempt(config: Record<string, unknown>): Promise<Ended> {
  const suite = SuiteConfig.parse({ service: 'api', report: { path: '*.xml' }, testsMin: 3, ...config });
  const progress: string[] = [];
  const parts = {
    environment,
    deployer: {} as Parameters<typeof runSuite>[1]['deployer'],
    idTokens: { mint: async () => fail('permission', 'none is needed') },
    tester: processTester(),
    path: `${dirname(process.execPath)}:/usr/bin:/bin`,
    version: '1.0.0',
    sleep: async (ms: number, signal: AbortSignal) => void (await wait(ms, undefined, { signal }).catch(() => {})),
  };
  const ended: SuiteAttempt[] = [];
  run.stages.testing = async (given) => {
    const stage = { ...given, progress: (text: string) => void progress.push(text) };
    const request = { key: `${given.key}/one`, name: 'one', suite, urls: {}, cwd: run.folder };
    ended.push(await runSuite(request, parts, stage));
    return endOf('testing');
  };
  await run.drive();
  const [first] = ended;
  if (first === undefined) throw new Error('the suite was not run');
  return { attempt: first, progress, because: unsound(first, suite) };
}

const spec = ['node', '--test', '--test-reporter=spec', '--test-reporter-destination=stdout'];
const junit = ['--test-reporter=junit', '--test-reporter-destination=$LOOP_REPORT/junit.xml'];
const live = ['--test-reporter=./live.mjs', '--test-reporter-destination=$LOOP_REPORT/live.ndjson'];

test('node, whose reporters tell ends alone: the last one that ended is told, and what was red stays red', async () => {
  const {
    attempt: ended,
    because,
    progress,
  } = await attempt({
    run: [...spec, ...junit, 'hang.test.js'],
    testTimeoutSeconds: 1,
  });
  expect(because).toBe('hung: stopped after 1 s in which no test ended; the last one that ended was "fails"');
  expect(ended).toMatchObject({
    how: 'test-timeout',
    partial: true,
    stream: { runner: 'node-spec', running: [] },
    counts: { selected: 3, executed: 2, passed: 1, failed: 1, notRun: 1 },
    passed: [],
    red: [{ id: 'fails', outcome: 'failed' }],
  });
  expect(progress).toContain('one: 2 of at least 3, 1 red · fails');
});

test('node with a stream beside its report: the test that hangs is named', async () => {
  const { attempt: ended, because } = await attempt({
    run: [...spec, ...junit, ...live, 'hang.test.js'],
    report: { path: '*.xml', stream: 'live.ndjson' },
    testTimeoutSeconds: 1,
  });
  expect(because).toBe('hung: stopped after 1 s in one test: "hangs"');
  expect(ended.stream).toMatchObject({ runner: 'node-events', running: [{ id: 'hangs', name: 'hangs' }] });
  const kinds = await Promise.all(
    ended.evidence.map(async (id) => (await run.store.evidence('run-a')).find((one) => one.id === id)?.kind),
  );
  expect(kinds).toEqual(['attempt', 'console', 'stream', 'report']);
});

const python = pytestInterpreter();
const pytest = [
  python ?? '',
  '-m',
  'pytest',
  '-v',
  '-p',
  'no:cacheprovider',
  '-p',
  'no:benchmark',
  '-p',
  'no:hypothesispytest',
];

test.runIf(python !== null).each([
  [
    'that writes its report at the interrupt: what that says is kept',
    ['--junitxml=$LOOP_REPORT/junit.xml'],
    'assert 1 == 2',
  ],
  ['without a report: what it printed is kept', [], 'red in what the runner printed; its report does not tell why'],
])('pytest %s', async (_story, report, message) => {
  const { attempt: ended, because } = await attempt({
    run: [...pytest, ...report, 'test_hang.py'],
    testTimeoutSeconds: 1,
  });
  expect(because).toBe('hung: stopped after 1 s in one test: "test_hangs"');
  expect(ended).toMatchObject({
    counts: { selected: 3, executed: 2, passed: 1, failed: 1, errored: 0, notRun: 1 },
    red: [{ id: 'pytest > test_hang > test_fails', outcome: 'failed', message }],
    stream: { running: [{ id: 'pytest > test_hang.TestHang > test_hangs' }] },
  });
});

function pytestInterpreter(): string | null {
  try {
    const found = execFileSync('python3', ['-c', 'import sys, pytest; print(sys.executable)'], { stdio: 'pipe' });
    return found.toString('utf8').trim();
  } catch {
    return null;
  }
}
