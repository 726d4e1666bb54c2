import { describe, expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';

type Json = Record<string, unknown>;

const run = (status: string, more: Json = {}): Json => ({
  status,
  duration: 5,
  errors: [],
  stdout: [],
  stderr: [],
  attachments: [],
  ...more,
});
const failed = (message: string): Json => run('failed', { errors: [{ message: `\u001b[31m${message}\u001b[39m` }] });
const spec = (title: string, status: string, results: Json[], more: Json = {}): Json => ({
  title,
  file: 'a.spec.ts',
  line: 3,
  tests: [{ projectName: 'chromium', expectedStatus: 'passed', status, annotations: [], results, ...more }],
});
const report = (specs: Json[], stats: Json, errors: Json[] = []): string =>
  JSON.stringify({
    config: { rootDir: '/app/e2e', webServer: { env: { TOKEN: 'secret' } } },
    suites: [
      { title: 'a.spec.ts', file: 'a.spec.ts', specs: [], suites: [{ title: 'Cart', specs }] },
      { title: 'b', specs: [] },
    ],
    errors,
    stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0, ...stats },
  });

const stories: [string, string, string[]][] = [
  [
    'passes',
    report([spec('adds', 'expected', [run('passed')])], { expected: 1 }),
    ['passed chromium > a.spec.ts > Cart > adds'],
  ],
  [
    'flaky keeps its first attempt',
    report([spec('adds', 'flaky', [failed('no'), run('passed')])], { flaky: 1 }),
    ['passed chromium > a.spec.ts > Cart > adds [failed passed]'],
  ],
  [
    'red after retries',
    report([spec('adds', 'unexpected', [failed('no'), run('timedOut')])], { unexpected: 1 }),
    ['failed chromium > a.spec.ts > Cart > adds [failed failed]'],
  ],
  [
    'interrupted is no skip',
    report([spec('adds', 'skipped', [run('interrupted')])], { skipped: 1 }),
    ['errored chromium > a.spec.ts > Cart > adds', 'note totals-differ'],
  ],
  [
    'skipped',
    report([spec('adds', 'skipped', [run('skipped')])], { skipped: 1 }),
    ['skipped chromium > a.spec.ts > Cart > adds'],
  ],
  ['never ran', report([spec('adds', 'skipped', [])], { skipped: 1 }), ['skipped chromium > a.spec.ts > Cart > adds']],
  [
    'a failure that was expected is no pass',
    report([spec('adds', 'expected', [failed('no')], { expectedStatus: 'failed' })], { expected: 1 }),
    ['skipped chromium > a.spec.ts > Cart > adds', 'note totals-differ'],
  ],
  [
    'a pass that was not expected',
    report([spec('adds', 'unexpected', [run('passed')], { expectedStatus: 'failed' })], { unexpected: 1 }),
    ['failed chromium > a.spec.ts > Cart > adds'],
  ],
  ['global errors are red', report([], {}, [{ message: 'no web server' }]), ['errored (the run itself)']],
  [
    'its word is no better than its runs',
    report([spec('adds', 'expected', [failed('no')])], { expected: 1 }),
    ['failed chromium > a.spec.ts > Cart > adds', 'note totals-differ'],
  ],
  ['declared failures that are not there', report([], { unexpected: 2 }), ['doubt totals-hide-failures']],
];

describe('Playwright JSON', () => {
  test.each(stories)('%s', async (_, text, expected) => {
    expect(shown(await readSample(text))).toEqual(['playwright', ...expected]);
    expect(shown(await readSample(text, { step: 13 }))).toEqual(['playwright', ...expected]);
  });

  test('tells why and where, without colours and attachments', async () => {
    const result = run('failed', {
      error: { message: '\u001b[31mno\u001b[39m', stack: 'Error: no\n    at /app/e2e/a.spec.ts:9:3' },
      attachments: [{ body: 'x'.repeat(100_000) }],
      stdout: [{ text: 'a\n' }, { buffer: 'YQ==' }],
    });
    const reading = await readSample(report([spec('adds', 'unexpected', [result])], { unexpected: 1 }));
    expect(reading.report.tests.at(0)).toMatchObject({
      message: 'no',
      file: 'a.spec.ts',
      line: 3,
      stdout: 'a',
      frames: [{ file: 'e2e/a.spec.ts', line: 9 }],
    });
    expect(JSON.stringify(reading)).not.toContain('secret');
  });

  test('cut in the middle', async () => {
    const text = report([spec('adds', 'unexpected', [failed('no')])], { unexpected: 1 });
    expect(shown(await readSample(text.slice(0, -40)))).toEqual([
      'playwright',
      'failed chromium > a.spec.ts > Cart > adds',
      'refused truncated',
    ]);
  });
});
