import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SuiteResult } from '../../core/record.ts';
import { honestProject } from '../../testing/fake-project.ts';
import { honestSuites } from '../../testing/honest-suites.ts';
import { runLoop } from '../../testing/loop-process.ts';
import { newestRun } from '../../testing/newest-run.ts';

/**
 * Suites of many runners that test a real server, with all rules enforced: retries, parametrised names, one skipped test, slow tests,
 * and a console, files, groups and tests that speak of mocks, bypasses and promises in innocent places.
 */
let project = '';
let exitCode: number | null = null;
let suites: readonly SuiteResult[] = [];
beforeAll(async () => {
  project = honestProject();
  const end = await runLoop(project, ['--focus', 'all', '--deploy', 'never']);
  exitCode = end.exitCode;
  suites = newestRun(project).record.phases.flatMap((phase) => phase.suites);
}, 180_000);
afterAll(async () => {
  await runLoop(project, ['emulate', '--stop']);
  rmSync(project, { recursive: true, force: true });
});

const runners = ['node', 'vitest', 'jest', 'mocha', 'playwright', 'pytest', 'go'];
const names = Object.keys(honestSuites);
// A runner that this machine does not have is seen as a skipped test.
const missing = runners.filter((runner) => !names.some((name) => name.startsWith(`${runner}-`)));
test.skip.each(missing)('%s is not on this machine', () => {});

// Their runners tell attempts: that one test passed only at its second is no false alarm, it is the truth.
const tellsAttempts = ['jest-json', 'mocha-json', 'playwright-json'];

test.each(names)('%s raises no alarm', (name) => {
  const retried = tellsAttempts.includes(name);
  const found = suites.find((one) => one.name === name);
  expect(found).toMatchObject({
    verdict: 'GO',
    invalidBecause: [],
    warnings: retried ? [expect.stringContaining('1 test passed only after a red attempt')] : [],
  });
  expect(found?.rules.filter((rule) => rule.ok === false).map((rule) => rule.name)).toEqual(retried ? ['retried'] : []);
  expect(found?.rules).toContainEqual(expect.objectContaining({ name: 'tests-seen', ok: true }));
  expect(found?.counts).toMatchObject({ skipped: 1 });
});

test('and the run is a GO', () => expect(exitCode).toBe(0));
