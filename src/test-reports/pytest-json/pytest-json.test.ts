import { describe, expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';

type Json = Record<string, unknown>;

const one = (outcome: string, more: Json = {}): Json => ({
  nodeid: 'tests/test_a.py::TestX::test_y[1::2]',
  lineno: 4,
  outcome,
  call: { outcome: 'passed', duration: 0.5 },
  ...more,
});
const report = (tests: Json[], more: Json = {}): string =>
  JSON.stringify({
    created: 1,
    duration: 1,
    exitcode: 0,
    root: '/app',
    environment: { TOKEN: 'secret' },
    summary: {},
    collectors: [],
    tests,
    ...more,
  });
const id = 'tests/test_a.py > TestX > test_y[1::2]';

const stories: [string, string, string[]][] = [
  ['passes', report([one('passed')]), [`passed ${id}`]],
  [
    'errors, skips and expected failures',
    report([one('error'), one('skipped'), one('xfailed'), one('xpassed')], { summary: { skipped: 1, xfailed: 1 } }),
    [`errored ${id}`, `skipped ${id} #2`, `skipped ${id} #3`, `passed ${id} #4`],
  ],
  ['reruns are attempts', report([one('rerun'), one('passed')]), [`passed ${id} [failed passed]`]],
  [
    'collection errors are red',
    report([], {
      exitcode: 2,
      collectors: [{ nodeid: 'tests/test_b.py', outcome: 'failed', longrepr: 'E   ImportError: x' }],
    }),
    ['errored tests/test_b.py', 'doubt collection-failed'],
  ],
  [
    'an exit code that no test explains',
    report([one('passed')], { exitcode: 3 }),
    [`passed ${id}`, 'errored (the run itself)', 'doubt runner-failed'],
  ],
  ['nothing was collected', report([], { exitcode: 5 }), []],
];

describe('pytest-json-report', () => {
  test.each(stories)('%s', async (_, text, expected) => {
    expect(shown(await readSample(text))).toEqual(['pytest-json', ...expected]);
  });

  test('tells why and where', async () => {
    const call = {
      outcome: 'failed',
      duration: 0.5,
      crash: { path: '/app/tests/test_a.py', lineno: 5, message: 'assert 1 == 2' },
      longrepr: 'tests/test_a.py:5: AssertionError',
      stdout: 'out',
    };
    const { report: read } = await readSample(report([one('failed', { call })], { summary: { failed: 1 } }));
    expect(read.tests.at(0)).toMatchObject({
      message: 'assert 1 == 2',
      file: 'tests/test_a.py',
      line: 5,
      durationMs: 500,
      stdout: 'out',
      frames: [{ line: 5 }],
    });
  });
});

const line = (value: Json): string => `${JSON.stringify(value)}\n`;
const phase = (when: string, outcome: string, more: Json = {}): string =>
  line({
    $report_type: 'TestReport',
    nodeid: 'test_a.py::test_x',
    location: ['test_a.py', 2, 'test_x'],
    when,
    outcome,
    duration: 0.1,
    longrepr: null,
    ...more,
  });
const all = (call: string): string => phase('setup', 'passed') + phase('call', call) + phase('teardown', 'passed');
const begin = line({ pytest_version: '9', $report_type: 'SessionStart' });
const finish = line({ exitstatus: 0, $report_type: 'SessionFinish' });

const logs: [string, string, string[]][] = [
  ['passes', begin + all('passed') + finish, ['passed test_a.py > test_x']],
  [
    'a broken set-up',
    begin + phase('setup', 'failed') + phase('teardown', 'passed') + finish,
    ['errored test_a.py > test_x'],
  ],
  [
    'a broken teardown',
    begin + phase('setup', 'passed') + phase('call', 'passed') + phase('teardown', 'failed') + finish,
    ['errored test_a.py > test_x'],
  ],
  [
    'skipped',
    begin + phase('setup', 'skipped', { longrepr: ['a', 1, 'Skipped: no'] }) + phase('teardown', 'passed') + finish,
    ['skipped test_a.py > test_x'],
  ],
  ['reruns are attempts', begin + all('rerun') + all('passed') + finish, ['passed test_a.py > test_x [failed passed]']],
  [
    'collection errors',
    begin +
      line({ $report_type: 'CollectReport', nodeid: 'test_b.py', outcome: 'failed', longrepr: 'E   ImportError: x' }) +
      finish,
    ['errored test_b.py', 'doubt collection-failed'],
  ],
  [
    'a killed run names the test that ran',
    begin + all('passed') + phase('setup', 'passed'),
    ['passed test_a.py > test_x', 'errored test_a.py > test_x #2', 'doubt killed-run'],
  ],
  [
    'cut inside of an entry',
    begin + all('passed').slice(0, -20),
    ['errored test_a.py > test_x', 'doubt foreign-lines', 'refused truncated'],
  ],
];

describe('pytest-reportlog', () => {
  test.each(logs)('%s', async (_, text, expected) => {
    expect(shown(await readSample(text))).toEqual(['pytest-reportlog', ...expected]);
  });
});
