import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { RunRecord } from '../core/record.ts';
import { ledgerOf, runLoop, startLoop } from '../testing/loop-process.ts';
import { newestRun } from '../testing/newest-run.ts';
import { smallProject } from '../testing/small-project.ts';

/** How a run is locked, interrupted, killed, resumed, cancelled and approved; one service, three tests, real processes. */
let seeded = '';
let project = '';
beforeAll(async () => {
  seeded = smallProject();
  expect((await runLoop(seeded, ['emulate'])).exitCode).toBe(0);
  await runLoop(seeded, ['emulate', '--stop']);
}, 120_000);
afterAll(() => rmSync(seeded, { recursive: true, force: true }));
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'loop-life-'));
  cpSync(seeded, project, { recursive: true, verbatimSymlinks: true });
});
afterEach(async () => {
  await runLoop(project, ['emulate', '--stop']);
  rmSync(project, { recursive: true, force: true });
});

test('a dry run ends in a plan and changes nothing outside', async () => {
  const before = ledgerOf(project).length;
  const end = await runLoop(project, ['--focus', 'all', '--dry-run']);
  expect(end.exitCode).toBe(0);
  const { run, verdict, next } = newestRun(project).record;
  expect({ state: run.state, outcome: run.outcome, verdict }).toEqual({
    state: 'finished',
    outcome: 'planned',
    verdict: null,
  });
  expect(next.map(({ what }) => what)).toEqual(['deploy a candidate of hello', 'run suite greeting in phase safety']);
  expect(ledgerOf(project)).toHaveLength(before);
  expect((await runLoop(project, ['replay'])).stdout).toContain('replay: no verdict from');
});

test('a second loop is told who has the environment; Ctrl-C leaves nothing behind and can be resumed', async () => {
  const run = startLoop(project, ['--focus', 'all']);
  await run.said('testing ');
  const second = await runLoop(project, ['--focus', 'all']);
  expect(second.exitCode).toBe(75);
  const { id } = (await shown()).run;
  expect(second.stderr).toMatch(
    new RegExp(`locked by run ${id} \\(process \\d+ on .*\\) since 2.*Z\\n.*loop status ${id}`),
  );
  expect((await runLoop(project, ['list'])).stdout.match(/z-[a-z]{4} /g)).toHaveLength(1);
  run.kill('SIGINT');
  const end = await run.end;
  expect(end.exitCode, end.stderr).toBe(130);
  expect(end.stderr).toContain('stopping… (Ctrl-C again to kill)');
  expect(end.stderr).toContain(`loop resume ${id}`);
  expect((await shown()).run.state).toBe('interrupted');
  const resumed = await runLoop(project, ['resume']);
  expect(resumed.exitCode, resumed.stderr).toBe(1);
  await finishedAsAlways();
});

test('a killed loop is not called running; its run is resumed, by a changed configuration with --yes only', async () => {
  const run = startLoop(project, ['--focus', 'all']);
  await run.said('testing ');
  run.kill('SIGKILL');
  await run.end;
  expect((await shown()).run.state).toBe('interrupted');
  expect((await runLoop(project, ['status'])).stdout).toContain('the process that worked on it is gone');
  const file = join(project, 'config', 'local.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('minutes: 5', 'minutes: 6'));
  const refused = await runLoop(project, ['resume']);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('the configuration is not the one that run');
  expect((await runLoop(project, ['resume', '--yes'])).exitCode).toBe(1);
  await finishedAsAlways();
  const again = await runLoop(project, ['resume']);
  expect(again).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('there is no run to resume') });
});

test('a person cancels a run that another process works on', async () => {
  const run = startLoop(project, ['--focus', 'all']);
  await run.said('testing ');
  const cancel = await runLoop(project, ['cancel', 'last']);
  expect(cancel).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('cancel is noted; the process') });
  expect((await run.end).exitCode).toBe(130);
  expect((await shown()).run).toMatchObject({ state: 'cancelled', exitCode: 130 });
  expect((await runLoop(project, ['cancel', 'last'])).exitCode).toBe(2);
});

test('a run that waits for a word goes on when a person gives it', async () => {
  const file = join(project, 'pipelines', 'e2e.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}approve: [pull]\n`);
  const parked = await runLoop(project, ['--focus', 'all']);
  expect(parked.exitCode, parked.stderr).toBe(3);
  const { id } = (await shown()).run;
  expect(parked.stderr).toContain(`loop approve ${id}, or loop reject ${id}`);
  const end = await runLoop(project, ['approve', 'last']);
  expect(end.exitCode, end.stderr).toBe(1);
  expect(newestRun(project).record.run).toMatchObject({ id, state: 'finished', outcome: 'pull' });
  expect((await runLoop(project, ['reject', id])).exitCode).toBe(2);
});

test('an emulator of another version ends the run before it begins, with a record that says so', async () => {
  await runLoop(project, ['emulate']);
  const file = join(project, '.loop', 'emulator', 'emulator.json');
  const state = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...state, version: '9.9.9', protocol: 99 }));
  const end = await runLoop(project, ['--focus', 'all']);
  expect(end.exitCode, end.stderr).toBe(5);
  expect(end.stderr).toContain('(version 9.9.9');
  expect(end.stderr).toContain('loop emulate --stop');
  expect(newestRun(project).record).toMatchObject({
    verdict: { value: 'BLOCKED' },
    run: { state: 'finished', exitCode: 5 },
  });
});

test('a night that passes during a run is skipped, said and stored', async () => {
  const file = join(project, 'pipelines', 'e2e.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^fixers: .*$/m, ''));
  const everySecond = ['nightly', '--cron', '* * * * * *', '--count', '1'];
  const end = await runLoop(project, everySecond);
  expect(end.exitCode).toBe(1);
  expect(end.stderr).toMatch(/next run at 2.*Z\n/);
  expect(end.stderr).toMatch(/the run of 2.*Z was skipped: the run before it was still going/);
  expect((await runLoop(project, ['list'])).stdout).toContain('was skipped: the run before it was still going');
});

async function shown(): Promise<RunRecord> {
  return RunRecord.parse(JSON.parse((await runLoop(project, ['show', '--json'])).stdout));
}

/** As an undisturbed run of this project ends: one proven pull request, once. */
async function finishedAsAlways(): Promise<void> {
  const { record } = newestRun(project);
  expect(record.run).toMatchObject({ state: 'finished', exitCode: 1, outcome: 'pull' });
  expect(record.control.map(({ means }) => means)).toEqual(['revision']);
  expect(record.next.some(({ what }) => what.startsWith('loop resume'))).toBe(false);
  const made = ledgerOf(project).filter((row) => row.api === 'github' && row.method === 'POST');
  expect(made.filter(({ path }) => path?.endsWith('/issues'))).toHaveLength(1);
  expect(made.filter(({ path }) => path?.endsWith('/pulls'))).toHaveLength(1);
  expect((await runLoop(project, ['replay'])).exitCode).toBe(0);
}
