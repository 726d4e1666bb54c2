import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunRecord } from '../core/record.ts';
import { runLoop } from '../testing/loop-process.ts';
import { smallProject } from '../testing/small-project.ts';

/** Runs whose suite is split into files, and whose red tests run alone in control and proof. */
let project = '';
beforeEach(() => {
  project = smallProject();
});
afterEach(async () => {
  await runLoop(project, ['emulate', '--stop']);
  rmSync(project, { recursive: true, force: true });
});

test('a split suite is controlled and proven by its red test alone, and replayed as it ran', async () => {
  const more = `import assert from 'node:assert/strict';
import { test } from 'node:test';
const headers = { 'user-agent': process.env.LOOP_USER_AGENT ?? '', traceparent: process.env.TRACEPARENT ?? '' };
test('it is fast', async () => assert.ok((await fetch(process.env.LOOP_URL_HELLO, { headers })).ok));
`;
  writeFileSync(join(project, 'example', 'e2e', 'more.test.js'), more);
  change('e2e/greeting.test.js', '"{select}", "{item}"');
  change(
    'testsMin: 3',
    'testsMin: 4\n    select: { words: ["--test-name-pattern=^{test}$"] }\n    split: { items: ["e2e/*.test.js"] }',
  );
  const end = await runLoop(project, ['--focus', 'all']);
  expect(end.exitCode, end.stderr).toBe(1);
  const { run, control, phases, fixes } = await shown();
  expect(phases[0]?.suites[0]).toMatchObject({ counts: { selected: 4, passed: 3, failed: 1 }, split: { items: 2 } });
  expect(control).toMatchObject([
    { means: 'revision', note: 'run alone: its suite was narrowed to 1 red test', candidate: { runs: 'F' } },
  ]);
  expect(run.outcome).toBe('pull');
  expect(fixes[0]?.proof).toMatchObject({ holds: true, because: expect.stringContaining('after, 1 test alone') });
  const again = await runLoop(project, ['replay']);
  expect(again.exitCode, again.stdout).toBe(0);
  expect((await runLoop(project, ['show'])).stdout).toMatch(/in 2 pieces over \d workers?: \d/);
});

test('a test that is green alone is repeated with its suite before it is believed', async () => {
  const file = join(project, 'example', 'e2e', 'greeting.test.js');
  const together = readFileSync(file, 'utf8')
    .replace("test('it answers again'", "let ran = 0;\ntest('it answers again'")
    .replace(
      "equal((await body()).status, 'ok'));\ntest('it greets'",
      "equal((await body()).status, 'ok', ran++));\ntest('it greets'",
    )
    .replace("assert.ok('greeting' in answer", "assert.ok(ran === 0 || 'greeting' in answer");
  writeFileSync(file, together);
  change('e2e/greeting.test.js', '"{select}", e2e/greeting.test.js');
  change('testsMin: 3', 'testsMin: 3\n    select: { words: ["--test-name-pattern=^{test}$"] }');
  const end = await runLoop(project, ['--focus', 'all']);
  expect(end.exitCode, end.stderr).toBe(1);
  const { run, control, fixes } = await shown();
  expect(control).toMatchObject([{ means: 'revision', note: 'red only together with the others of its suite' }]);
  expect(run.outcome).toBe('pull');
  expect(fixes[0]?.proof).toMatchObject({ holds: true, because: expect.not.stringContaining('alone') });
  expect((await runLoop(project, ['replay'])).exitCode).toBe(0);
});

function change(from: string, to: string): void {
  const file = join(project, 'pipelines', 'e2e.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
}

async function shown(): Promise<RunRecord> {
  return RunRecord.parse(JSON.parse((await runLoop(project, ['show', '--json'])).stdout));
}
