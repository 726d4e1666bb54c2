import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunRecord } from '../core/record.ts';
import { runLoop } from '../testing/loop-process.ts';
import { smallProject } from '../testing/small-project.ts';

/** A bad commit at HEAD: the gate of the first phase is lost, and a second phase comes after it. */
let project = '';
beforeAll(async () => {
  project = smallProject();
  writeFileSync(join(project, 'example', 'e2e', 'later.test.js'), later);
  const file = join(project, 'pipelines', 'e2e.yaml');
  const pipeline = readFileSync(file, 'utf8')
    .replace('fixers: [{ use: revert-commit }]\n', '')
    .replace('suites:\n', '  - { name: second, suites: [later] }\nsuites:\n');
  writeFileSync(file, `${pipeline}  later: { service: hello, run: ${run}, report: { path: "*.xml" } }\n`);
  expect((await runLoop(project, ['emulate'])).exitCode).toBe(0);
}, 60_000);
afterAll(async () => {
  await runLoop(project, ['emulate', '--stop']);
  rmSync(project, { recursive: true, force: true });
});

const run =
  '[node, --test, --test-reporter=junit, --test-reporter-destination=$LOOP_REPORT/junit.xml, e2e/later.test.js]';
const later = `import { test } from 'node:test';
test('it is there later', async () => void (await fetch(process.env.LOOP_URL_HELLO)));
`;

async function turn(args: readonly string[]) {
  const end = await runLoop(project, ['--focus', 'all', ...args], { SECRET_WORD: 'hunter2-hunter2' });
  const record = RunRecord.parse(JSON.parse((await runLoop(project, ['show', '--json'])).stdout));
  const phases = record.phases.map(({ name, verdict }) => `${name} ${verdict ?? 'not run'}`);
  return { end, record, phases, worklog: (await runLoop(project, ['show'])).stdout };
}

test('with --override the rest is tested, the verdict and the traffic stay, and the reason is shouted everywhere', async () => {
  const file = join(project, 'config', 'local.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}redact: [SECRET_WORD]\n`);
  const reason = 'release day, @ann <b>agreed</b> on hunter2-hunter2';
  const { end, phases, record, worklog } = await turn(['--override', `  ${reason}\n`]);
  expect(end.exitCode, end.stderr).toBe(1);
  expect(phases).toEqual(['safety NO-GO', 'second GO']);
  expect(record).toMatchObject({ verdict: { value: 'NO-GO' }, trafficMoves: [] });
  const told =
    'PHASE safety DID NOT MEET ITS GATE (2 of 3 passed = 66.6 %, below 80 %); WHAT COMES AFTER IT RAN ANYWAY';
  expect(record.overrides).toEqual([`--override "release day, @ann <b>agreed</b> on [redacted:SECRET_WORD]": ${told}`]);
  expect(end.stderr.split(told)).toHaveLength(3);
  expect(worklog.split('\n').slice(0, 6).join('\n')).toContain(told);
  // The first line of the terminal is the command as it was typed there.
  expect(`${worklog}${end.stderr.split('\n').slice(1).join('\n')}${JSON.stringify(record)}`).not.toContain(
    'hunter2-hunter2',
  );
  expect(worklog.split('\n').find((line) => line.includes('**Override:**'))).not.toMatch(/<b>|@ann/);
  const issue = issueBody(record);
  expect(issue).toContain(told);
  expect(issue).not.toMatch(/<b>|@ann/);
  expect((await runLoop(project, ['replay'])).exitCode).toBe(0);
}, 120_000);

test('behind a lost gate nothing runs', async () => {
  const { end, phases, record } = await turn([]);
  expect(end.exitCode, end.stderr).toBe(1);
  expect(phases).toEqual(['safety NO-GO', 'second not run']);
  expect(record.overrides).toEqual([]);
}, 120_000);

test('one that nothing needed is said to be unused', async () => {
  const { record } = await turn(['--deploy', 'never', '--override', 'just in case']);
  expect(record.verdict?.value).toBe('GO');
  expect(record.overrides).toEqual([
    '--override "just in case" was not needed: nothing came after a gate that was not met',
  ]);
}, 120_000);

test.each([
  ['no reason', ['--override', '  '], 'Expected a reason'],
  ['a novel', ['--override', 'x'.repeat(501)], 'at most 500 characters'],
  ['--force alone', ['--force'], '--force needs a reason'],
])('%s is a mistake of the command', async (_what, args, said) => {
  const end = await runLoop(project, ['--focus', 'all', ...args]);
  expect(end).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(said) });
});

/** As the emulated GitHub has it, read from its state. */
function issueBody(record: RunRecord): string {
  const number = record.published.find(({ kind }) => kind === 'issue')?.number;
  const file = join(project, '.loop', 'emulator', 'github', 'demo', 'small.json');
  const state: { issues: { number: number; body: string }[] } = JSON.parse(readFileSync(file, 'utf8'));
  return state.issues.find((one) => one.number === number)?.body ?? 'no issue';
}
