import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { deployScript } from '../testing/deploy-script.ts';
import { runLoop } from '../testing/loop-process.ts';
import { newestRun } from '../testing/newest-run.ts';
import { smallProject } from '../testing/small-project.ts';

/** What a deploy command says, and what the platform shows: real runs with a team's own script as `deploy.command`. */
let seeded = '';
let project = '';
beforeAll(async () => {
  seeded = smallProject();
  write(join('example', 'e2e', 'deploy.mjs'), () => deployScript, seeded);
  write(join('pipelines', 'e2e.yaml'), (text) => text.replace(/^deploy: .*$/m, deploy), seeded);
  expect((await runLoop(seeded, ['emulate'])).exitCode).toBe(0);
  await runLoop(seeded, ['emulate', '--stop']);
}, 120_000);
afterAll(() => rmSync(seeded, { recursive: true, force: true }));
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'loop-command-'));
  cpSync(seeded, project, { recursive: true, verbatimSymlinks: true });
});
afterEach(async () => {
  await runLoop(project, ['emulate', '--stop']);
  rmSync(project, { recursive: true, force: true });
});

const deploy = `deploy:
  how: command
  stableForSeconds: 0
  command: { run: [node, e2e/deploy.mjs, $LOOP_SERVICE], pass: [MODE, MODULES], timeoutSeconds: 30 }
logs: { settleSeconds: 2 }`;

function write(path: string, change: (text: string) => string, folder = project): void {
  const file = join(folder, path);
  mkdirSync(join(file, '..'), { recursive: true });
  let before = '';
  try {
    before = readFileSync(file, 'utf8');
  } catch {
    // A file of the test's own.
  }
  writeFileSync(file, change(before));
}

async function run(mode: string) {
  const end = await runLoop(project, ['--focus', 'all'], { MODE: mode, MODULES: resolve('node_modules') });
  const { record } = newestRun(project);
  const candidate = record.deployments.find((one) => one.role === 'candidate');
  return { end, record, candidate };
}

test('it says success and exits 0, and nothing changed: INVALID, with one cause that is not the product', async () => {
  const { end, record, candidate } = await run('nothing');
  expect(end.exitCode, end.stderr).toBe(4);
  const message = 'the deploy command said success, but small-hello shows no new revision';
  expect(record.verdict).toMatchObject({ value: 'INVALID', reason: `hello: ${message}` });
  expect(candidate).toMatchObject({ how: 'command', revision: null, commit: null, rung: null });
  expect(candidate?.failure).toMatchObject({ code: 'no-change', message, boot: null });
  expect(candidate?.transcript).toMatchObject({ exitCode: 0, saysSuccess: true });
  expect(record.causes.map((one) => [one.class, one.suspects.length])).toEqual([['config', 0]]);
});

test('it prints NUL bytes and exits 1 after it deployed: the revision counts', async () => {
  const { end, record, candidate } = await run('badExit');
  expect(end.exitCode, end.stderr).toBe(0);
  expect(record.verdict?.value).toBe('GO');
  const { head } = record.run;
  expect(candidate).toMatchObject({ how: 'command', revision: 'small-hello-new', commit: head, commitFrom: 'label' });
  expect(candidate?.transcript).toMatchObject({ exitCode: 1, saysSuccess: true });
  expect(candidate?.transcript?.doubts).toEqual([
    'the command ended with exit code 1, but small-hello-new is there',
    'log damaged: 64 NUL bytes, two writers?',
    'no health check passed in it',
  ]);
  expect(record.run.outcome).toBe('promoted');
});

test('it hangs: stopped at its limit, and the platform decides', async () => {
  write(join('pipelines', 'e2e.yaml'), (text) => text.replace('timeoutSeconds: 30', 'timeoutSeconds: 1'));
  const { end, record, candidate } = await run('hangs');
  expect(end.exitCode, end.stderr).toBe(5);
  expect(record.verdict?.reason).toContain('was stopped (stopped after its time limit of 1 s');
  expect(candidate?.failure?.code).toBe('timeout');
  expect(candidate?.transcript).toMatchObject({ exitCode: null, saysSuccess: false });
});

test('a permission error is not tried again', async () => {
  const { end, record, candidate } = await run('refused');
  expect(end.exitCode, end.stderr).toBe(5);
  expect(candidate?.failure?.code).toBe('permission');
  expect(candidate?.transcript?.errors).toMatchObject([{ class: 'permission', code: 'PERMISSION_DENIED', line: 2 }]);
  expect(record.log.map(({ what }) => what).join('\n')).not.toContain('tried again');
});

test('a boot that breaks: NO-GO with its class, exit code, boots and last words', async () => {
  const { end, record, candidate } = await run('boot');
  expect(end.exitCode, end.stderr).toBe(1);
  const words = "missing module 'left-pad-of-nobody' (exit code 1, 1 boot)";
  expect(record.verdict?.reason).toBe(`the candidate of hello did not come up: ${words}`);
  expect(candidate).toMatchObject({ revision: 'small-hello-new', rung: 'REVISION_CREATED' });
  expect(candidate?.failure).toMatchObject({
    code: 'not-started',
    boot: { class: 'missing-module', exitCode: 1, boots: 1 },
  });
  expect(candidate?.failure?.boot?.lastEntries).toContain('Container called exit(1).');
  expect(end.stderr).toContain(`hello failed: ${words}`);
  expect(record.causes[0]?.whys.map(({ claim }) => claim).join('\n')).toContain(
    "Cannot find module 'left-pad-of-nobody'",
  );
});

test('it moved traffic to a sick revision, without any label: back at once, NO-GO, and HEAD is not claimed', async () => {
  const { end, record, candidate } = await run('sick');
  expect(end.exitCode, end.stderr).toBe(1);
  const before = record.deployments.find((one) => one.role === 'stable');
  const stable = before?.revision;
  // Its image is the old one: the command did not deploy what it was asked for, and only the platform tells.
  expect(candidate).toMatchObject({ revision: 'small-hello-new', commit: before?.commit, commitFrom: 'image' });
  expect(record.trafficMoves.map(({ from, to, why, allocation }) => [from, to, why, allocation])).toEqual([
    [stable, 'small-hello-new', 'deployed: the deploy command moved it', 'latest'],
    ['small-hello-new', stable, expect.stringContaining('rolled back'), 'revision'],
  ]);
  const shouted = record.problems.find(({ code }) => code === 'moved-by-command');
  expect(shouted?.hint).toContain(`--to-revisions ${stable}=100`);
  expect(record.verdict?.value).toBe('NO-GO');
  expect(record.verdict?.reason).toContain('the candidate of hello is not healthy while stable is');
  expect(record.control.map((one) => [one.suite, one.test, one.means, one.candidate?.runs])).toEqual([
    ['health', 'hello: GET /', 'revision', 'F'],
  ]);
  expect(record.verdict?.thinBecause.join()).toMatch(
    /^hello: results are about revision small-hello-new, 1 commit behind HEAD/,
  );
});
