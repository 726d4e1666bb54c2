import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunRecord } from '../core/record.ts';
import { runLoop, startLoop } from '../testing/loop-process.ts';
import { smallProject } from '../testing/small-project.ts';

/** What goes wrong around a run, on real processes: each time a clear message, the documented exit code, a record, nothing left. */
let project = '';
beforeEach(() => {
  project = smallProject();
});
afterEach(async () => {
  await runLoop(project, ['emulate', '--stop']);
  rmSync(project, { recursive: true, force: true });
});

test('a candidate that crashes at boot: the cause cites what its own log says', async () => {
  crashAtBoot();
  const end = await runLoop(project, ['--focus', 'all']);
  expect(end.exitCode, end.stderr).toBe(1);
  const { causes, deployments, published, next } = await shown();
  const said = causes[0]?.whys.find(({ question }) => question === 'What does its log say?');
  expect(said).toMatchObject({ claim: 'Error: no database configured', status: 'supported' });
  const dead = deployments.find((one) => one.role === 'candidate');
  expect(said?.evidence).toEqual(dead?.failure?.boot?.evidence);
  expect(published.map(({ kind, action }) => `${kind} ${action}`)).toEqual(['issue created']);
  expect(next.filter(({ who }) => who === 'loop')).toEqual([]);
});

test('what a killed run left running is ended by the next one, resumed or not', async () => {
  change('example/e2e/greeting.test.js', (text) => text.replace("test('it answers'", `${stall}test('it answers'`));
  const killed = startLoop(project, ['--focus', 'all']);
  await killed.said('checking health');
  const pid = await appeared(join(project, 'worklogs', 'stalled.pid'));
  killed.kill('SIGKILL');
  await killed.end;
  expect(isAlive(pid)).toBe(true);
  expect((await runLoop(project, ['--focus', 'all', '--dry-run'])).exitCode).toBe(0);
  expect(isAlive(pid)).toBe(false);
});

test('an example without a history: BLOCKED, and the hint is about that', async () => {
  writeFileSync(join(project, 'example', 'history', 'history.json'), '{');
  const end = await runLoop(project, ['--focus', 'all']);
  expect(end.exitCode, end.stderr).toBe(5);
  expect(end.stderr).toContain('history.json: Expected property name');
  expect(end.stderr).not.toContain('is git on the PATH');
  expect((await shown()).verdict).toMatchObject({ value: 'BLOCKED', reason: expect.stringContaining('history.json') });
});

test('a ref that the repository has not is a mistake of the command, told with what there is', async () => {
  for (const more of [[], ['--dry-run']]) {
    const end = await runLoop(project, ['--focus', 'all', '--ref', 'nope', ...more]);
    expect(end.exitCode, end.stderr).toBe(2);
    expect(end.stderr).toContain('the repository has no branch, tag or commit "nope"');
    expect(end.stderr).toContain('name one that it has: main');
  }
  expect(await shown()).toMatchObject({ verdict: null, run: { state: 'finished', exitCode: 2, outcome: 'none' } });
});

test('stdout that takes no more is told in a sentence, and is not NO-GO', async () => {
  const full = openSync('/dev/full', 'w');
  const end = spawnSync(process.execPath, [join(process.cwd(), 'dist', 'loop.cjs'), '--list'], {
    cwd: project,
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(full);
  expect(end.stderr).toMatch(/^loop: stdout cannot be written: ENOSPC/);
  expect(end.status).toBe(2);
});

const crashPatch = `diff --git a/hello/server.js b/hello/server.js
--- a/hello/server.js
+++ b/hello/server.js
@@ -8,2 +8,3 @@
+throw new Error('no database configured');
 server.listen(Number(process.env.PORT), process.env.HOST ?? '0.0.0.0');
 process.on('SIGTERM', () => process.exit(0));
`;

const stall = `
const { writeFileSync } = await import('node:fs');
writeFileSync(process.env.LOOP_REPORT.replace(/worklogs.*/, 'worklogs/stalled.pid'), String(process.pid));
await new Promise((settle) => setTimeout(settle, 60_000));
`;

function change(file: string, edit: (text: string) => string): void {
  const path = join(project, file);
  writeFileSync(path, edit(readFileSync(path, 'utf8')));
}

function crashAtBoot(): void {
  writeFileSync(join(project, 'example/history/bad.patch'), crashPatch);
}

async function appeared(file: string): Promise<number> {
  while (!existsSync(file)) await new Promise((settle) => setTimeout(settle, 20));
  return Number(readFileSync(file, 'utf8'));
}

/** A zombie that waits for its parent is not alive. */
function isAlive(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) Z /.test(readFileSync(stat, 'utf8'));
}

async function shown(): Promise<RunRecord> {
  return RunRecord.parse(JSON.parse((await runLoop(project, ['show', '--json'])).stdout));
}
