import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord, SuiteResult } from '../../core/record.ts';
import { fakeProject } from '../../testing/fake-project.ts';
import { runLoop } from '../../testing/loop-process.ts';
import { newestRun } from '../../testing/newest-run.ts';

/** One run of the built program over suites that are green and prove nothing. */
let project = '';
let record: RunRecord;
let replayed = '';
let worklog = '';
beforeAll(async () => {
  project = fakeProject();
  await runLoop(project, ['--focus', 'all', '--deploy', 'never']);
  ({ record, worklog } = newestRun(project));
  replayed = (await runLoop(project, ['replay'])).stdout;
}, 180_000);
afterAll(async () => {
  await runLoop(project, ['emulate', '--stop']);
  rmSync(project, { recursive: true, force: true });
});

function suite(name: string): SuiteResult {
  const found = record.phases.flatMap((phase) => phase.suites).find((one) => one.name === name);
  if (!found) throw new Error(`no suite ${name}: ${record.verdict?.reason}`);
  return found;
}

describe('a green suite that proves nothing is INVALID, for its own reason alone', () => {
  test.each([
    ['constants', /^not seen by the server: no request of this suite/],
    ['never-awaited', /^code that was never awaited \(rule never-awaited\): "Promise returned by .* was not awaited"/],
    ['mock-fallback', /^a mock instead of the service \(rule mock\): "using mock" in console line \d+/],
    [
      'wrong-host',
      /^wrong host: the suite names localhost:\d+ \(1 ×, first in console line \d+\), which the config does/,
    ],
    ['stale', /^stale report: junit\.xml is older than the attempt$/],
    ['all-skipped', /^skipped: 2 of 2, more than 20 % \(2 × the service is slow today\)$/],
    ['killed', /^killed: /],
  ])('%s', (name, because) => {
    const { verdict, invalidBecause } = suite(name);
    expect({ verdict, invalidBecause }).toEqual({
      verdict: 'INVALID',
      invalidBecause: [expect.stringMatching(because)],
    });
  });

  test('an address that the config does not declare is told to the reader of the worklog', () => {
    expect(worklog).toMatch(/wrong host: the suite names localhost:\d+ \(1 ×, first in console line \d+\)/);
  });

  test('so that the run is INVALID, and its replay says the same', () => {
    expect(record.verdict?.value).toBe('INVALID');
    expect(record.run.exitCode).toBe(4);
    expect(replayed).toContain('INVALID');
    expect(replayed).not.toContain('differs');
  });
});

test('the conditions of the phase are measured, and too few samples are unproven', () => {
  expect(
    record.phases[0]?.conditions.map(({ text, state }) => [text.replaceAll(/[\d.]+ (ms|samples)/g, '# $1'), state]),
  ).toEqual([
    [expect.stringMatching(/^health: all \d+ checks answered well$/), 'met'],
    [expect.stringMatching(/^no environment cause: none known after \d+ checks$/), 'met'],
    ['fast: p95 of requests is # ms over # samples, at most # ms', 'met'],
    ['no errors: errorRate of requests: # samples, at least 1000 are needed (at most 0 %)', 'unproven'],
  ]);
});
