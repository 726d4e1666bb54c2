import { describe, expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';

type Event = Record<string, unknown>;

const event = (action: string, test: string | null, more: Event = {}): string =>
  `${JSON.stringify({ Time: '2026-01-01T00:00:00Z', Action: action, Package: 'a/b', ...(test === null ? {} : { Test: test }), ...more })}\n`;
const output = (test: string | null, text: string): string => event('output', test, { Output: text });

const stories: [string, string, string[]][] = [
  [
    'passes',
    event('run', 'TestA') + event('pass', 'TestA', { Elapsed: 0.25 }) + event('pass', null),
    ['passed a/b > TestA'],
  ],
  [
    'a parent counts as go counts it',
    event('run', 'T') + event('run', 'T/x') + event('fail', 'T/x') + event('fail', 'T') + event('fail', null),
    ['failed a/b > T/x', 'failed a/b > T'],
  ],
  ['no test files', event('start', null) + event('skip', null), []],
  [
    'a package that fails without a failed test',
    event('pass', 'TestA') + output(null, 'panic: late\n') + event('fail', null),
    ['passed a/b > TestA', 'errored a/b > (the package itself)'],
  ],
  [
    'a panic has no closing event',
    event('run', 'TestA') + output('TestA', 'panic: boom\n') + event('fail', null),
    ['failed a/b > TestA'],
  ],
  [
    'a test that never ended in a package that did',
    event('run', 'TestA') + event('pass', null),
    ['errored a/b > TestA'],
  ],
  [
    'a killed run names the test that ran',
    event('start', null) + event('pass', 'TestA') + event('run', 'TestB') + output('TestB', '=== RUN   TestB\n'),
    ['passed a/b > TestA', 'errored a/b > TestB', 'doubt killed-run'],
  ],
  [
    'a build that failed, in the words of an old go',
    `# a/c\nx.go:5: undefined: y\nFAIL\ta/c [build failed]\n${event('pass', 'TestA')}${event('pass', null)}`,
    ['errored a/c > (the package itself)', 'passed a/b > TestA', 'note foreign-lines'],
  ],
  [
    'a build that failed, in the words of a new go',
    '{"ImportPath":"a/b","Action":"build-output","Output":"x.go:5: undefined: y\\n"}\n{"ImportPath":"a/b","Action":"build-fail"}\n' +
      event('start', null) +
      event('fail', null, { FailedBuild: 'a/b' }),
    ['errored a/b > (the package itself)'],
  ],
  [
    'an event that was written over is a doubt',
    `${event('run', 'TestA')}{"Action":"fa{"Action":"output"}\n${event('pass', 'TestA')}${event('pass', null)}`,
    ['passed a/b > TestA', 'doubt foreign-lines'],
  ],
  [
    'cut in the middle of an event',
    event('run', 'TestA') + event('pass', 'TestA').slice(0, 30),
    ['errored a/b > TestA', 'doubt foreign-lines', 'refused truncated'],
  ],
  [
    'run twice',
    event('pass', 'TestA') + event('fail', 'TestA') + event('fail', null),
    ['passed a/b > TestA', 'failed a/b > TestA #2'],
  ],
  [
    'names that attack',
    event('pass', '__proto__') + event('pass', 'constructor') + event('pass', null),
    ['passed a/b > __proto__', 'passed a/b > constructor'],
  ],
];

describe('go test -json', () => {
  test.each(stories)('%s', async (_, text, expected) => {
    expect(shown(await readSample(text))).toEqual(['go-test-json', ...expected]);
    expect(shown(await readSample(text, { step: 7 }))).toEqual(['go-test-json', ...expected]);
  });

  test('tells why, where and how long', async () => {
    const text =
      event('run', 'TestA') +
      output('TestA', '=== RUN   TestA\n') +
      output('TestA', '    x_test.go:6: want 1\n') +
      output('TestA', '--- FAIL: TestA (0.50s)\n') +
      event('fail', 'TestA', { Elapsed: 0.5 }) +
      event('fail', null);
    const [only] = (await readSample(text)).report.tests;
    expect(only).toMatchObject({
      message: 'x_test.go:6: want 1',
      durationMs: 500,
      frames: [{ file: 'x_test.go', line: 6 }],
    });
  });

  test('UTF-16, as PowerShell redirects it', async () => {
    const text = event('fail', 'TestA') + event('fail', null);
    expect(shown(await readSample(Buffer.from(`\uFEFF${text}`, 'utf16le')))).toEqual([
      'go-test-json',
      'failed a/b > TestA',
    ]);
  });
});
