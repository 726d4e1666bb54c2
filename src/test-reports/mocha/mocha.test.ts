import { describe, expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';

type Json = Record<string, unknown>;

const one = (title: string, more: Json = {}): Json => ({
  title,
  fullTitle: `S ${title}`,
  file: '/app/a.js',
  duration: 1,
  currentRetry: 0,
  err: {},
  ...more,
});
const report = (lists: { tests?: Json[]; pending?: Json[]; failures?: Json[]; passes?: Json[] }): string => {
  const { tests = [], pending = [], failures = [], passes = [] } = lists;
  return JSON.stringify({
    stats: {
      suites: 1,
      tests: tests.length,
      passes: passes.length,
      pending: pending.length,
      failures: failures.length,
    },
    tests,
    pending,
    failures,
    passes,
  });
};
const err = { message: 'no', stack: 'Error: no\n    at x (/app/a.js:3:1)', code: 'ERR_ASSERTION' };

const stories: [string, string, string[]][] = [
  ['passes', report({ tests: [one('a')], passes: [one('a')] }), ['passed S > a']],
  [
    'fails and is pending',
    report({ tests: [one('a'), one('b')], failures: [one('a', { err })], pending: [one('b')] }),
    ['skipped S > b', 'failed S > a'],
  ],
  [
    'retries',
    report({ tests: [one('a')], passes: [one('a', { currentRetry: 2 })] }),
    ['passed S > a [failed failed passed]'],
  ],
  [
    'a hook is no test, and red',
    report({ tests: [one('a')], failures: [one('"before all" hook for "a"', { err })] }),
    ['errored S > "before all" hook for "a"', 'errored S > a', 'note totals-differ'],
  ],
  ['a test without an outcome was cut off', report({ tests: [one('a')] }), ['errored S > a']],
  [
    'a title twice',
    report({ tests: [one('a'), one('a')], passes: [one('a')], failures: [one('a', { err })] }),
    ['failed S > a', 'passed S > a #2'],
  ],
  ['nothing ran', report({}), []],
];

describe('mocha JSON', () => {
  test.each(stories)('%s', async (_, text, expected) => {
    expect(shown(await readSample(text))).toEqual(['mocha', ...expected]);
  });

  test('tells why and where', async () => {
    const { report: read } = await readSample(report({ tests: [one('a')], failures: [one('a', { err })] }));
    expect(read.tests.at(0)).toMatchObject({
      message: 'no',
      failureType: 'ERR_ASSERTION',
      file: 'a.js',
      frames: [{ file: 'a.js', line: 3 }],
    });
  });

  test('mochawesome: nested suites, and hooks only where they failed', async () => {
    const suite = (title: string, tests: Json[], suites: Json[] = [], hooks: Json[] = []): Json => ({
      title,
      tests,
      suites,
      beforeHooks: hooks,
      afterHooks: [],
    });
    const results = [
      suite(
        '',
        [],
        [
          suite(
            'S',
            [{ title: 'a', pass: true }],
            [
              suite(
                'T',
                [
                  { title: 'b', fail: true, err },
                  { title: 'c', skipped: true },
                ],
                [],
                [
                  { title: 'hook', fail: true },
                  { title: 'fine', pass: true },
                ],
              ),
            ],
          ),
        ],
      ),
    ];
    const text = JSON.stringify({ stats: { passes: 1, failures: 2 }, results, meta: {} });
    expect(shown(await readSample(text))).toEqual([
      'mochawesome',
      'passed S > a',
      'failed S > T > b',
      'skipped S > T > c',
      'errored S > T > hook',
      'note totals-differ',
    ]);
  });
});
