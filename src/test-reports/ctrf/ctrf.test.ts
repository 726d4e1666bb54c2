import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';

type Json = Record<string, unknown>;

const report = (tests: unknown[], summary: Json = {}): string =>
  JSON.stringify({
    reportFormat: 'CTRF',
    specVersion: '1.0.0',
    results: {
      tool: { name: 'x' },
      summary: { tests: tests.length, passed: tests.length, failed: 0, pending: 0, skipped: 0, other: 0, ...summary },
      tests,
    },
  });

const stories: [string, string, string[]][] = [
  ['passes', report([{ name: 'a', suite: ['S', 'T'], status: 'passed' }]), ['passed S > T > a']],
  [
    'flaky, attempts listed with the last',
    report([
      {
        name: 'a',
        status: 'passed',
        flaky: true,
        retries: 1,
        retryAttempts: [{ status: 'failed' }, { status: 'passed' }],
      },
    ]),
    ['passed a [failed passed]'],
  ],
  [
    'flaky, attempts listed without the last',
    report([{ name: 'a', status: 'passed', flaky: true, retries: 1, retryAttempts: [{ status: 'failed' }] }]),
    ['passed a [failed passed]'],
  ],
  [
    'flaky, attempts only counted',
    report([{ name: 'a', status: 'passed', flaky: true, retries: 2 }]),
    ['passed a [failed failed passed]'],
  ],
  ['pending is skipped', report([{ name: 'a', status: 'pending' }], { passed: 0, pending: 1 }), ['skipped a']],
  [
    'other is no pass',
    report([{ name: 'a', status: 'other' }], { passed: 0, other: 1 }),
    ['errored a', 'note unknown-outcome'],
  ],
  [
    'no status is no pass',
    report([{ name: 'a' }, 7], {}),
    ['errored a', 'errored (no name)', 'note unknown-outcome', 'note totals-differ'],
  ],
  [
    'totals that hide failures',
    report([{ name: 'a', status: 'passed' }], { failed: 1 }),
    ['passed a', 'doubt totals-hide-failures'],
  ],
  [
    'totals that hide tests',
    report([{ name: 'a', status: 'passed' }], { tests: 5 }),
    ['passed a', 'doubt totals-hide-tests'],
  ],
  ['nothing ran', report([]), []],
  ['no tests at all', '{"reportFormat":"CTRF","results":{"tool":{},"summary":{}}}', ['refused not-well-formed']],
  ['two documents', report([]) + report([{ name: 'a', status: 'failed' }]), ['refused two-roots']],
  ['cut', report([{ name: 'a', status: 'failed' }], { failed: 1 }).slice(0, -3), ['failed a', 'refused truncated']],
];

describe('CTRF', () => {
  test.each(stories)('%s', async (_, text, expected) => {
    expect(shown(await readSample(text))).toEqual(['ctrf', ...expected]);
    expect(shown(await readSample(text, { step: 17 }))).toEqual(['ctrf', ...expected]);
  });

  test("the format's own schema tests: what is valid is read, what is not never crashes", async () => {
    const folder = join(import.meta.dirname, '../../../../shared/corpora/test-reports/ctrf/tests/normative');
    const files = [
      'additional-properties',
      'enum-constraints',
      'required-properties',
      'string-constraints',
      'type-validation',
      'valid-documents',
    ];
    if (!existsSync(folder))
      return void process.stderr.write('corpora/test-reports/ctrf is not there: nothing was checked\n');
    const refused: string[] = [];
    for (const name of files) {
      const { tests } = JSON.parse(readFileSync(join(folder, `${name}.test.json`), 'utf8')) as {
        tests: { description: string; valid: boolean; data?: unknown }[];
      };
      for (const { description, valid, data } of tests) {
        const reading = data === undefined ? null : await readSample(JSON.stringify(data));
        if (valid && reading?.ok === false) refused.push(description);
      }
    }
    expect(refused).toEqual([]);
  });
});
