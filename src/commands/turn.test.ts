import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunRecord } from '../core/record.ts';
import { exampleProject } from '../testing/example-project.ts';
import { type LoopEnd, ledgerOf, runLoop } from '../testing/loop-process.ts';

/** The embedded default as a new user meets it: one whole turn, the same again, the merge, and the turn that closes it. */
let project = '';
let first: LoopEnd;
let record: RunRecord;

beforeAll(async () => {
  project = exampleProject();
  first = await runLoop(project, ['--focus', 'all']);
  record = await shown('last');
}, 120_000);
afterAll(async () => {
  await runLoop(project, ['emulate', '--stop']);
  rmSync(project, { recursive: true, force: true });
});

test('the first turn: NO-GO, a control, the commit, a proven fix, one issue and one pull request', () => {
  expect(first).toMatchObject({ exitCode: 1, stdout: '' });
  expect(first.stderr).toContain('preparing the embedded environment (once)…');
  expect(first.stderr).toContain('NO-GO  phase safety: 5 of 8 passed = 62.5 %, below its gate of 80 %');
  expect(record.control.map(({ candidate, reference }) => `${candidate?.runs}/${reference?.runs}`)).toEqual(
    Array(3).fill('FFF/PPP'),
  );
  const [cause] = record.causes;
  expect(cause?.suspects[0]).toMatchObject({
    title: 'backend: nest event fields in a payload',
    path: 'backend/events.js',
  });
  expect(record.fixes).toMatchObject([{ fixer: 'revert-commit', outcome: 'fixed', proof: { holds: true } }]);
  expect(record.published.map(({ kind, action }) => `${kind} ${action}`)).toEqual(['issue created', 'pull created']);
  expect(record.run).toMatchObject({ command: 'loop --focus all', state: 'finished', exitCode: 1, outcome: 'pull' });
});

test('its folder holds worklog, record and log, and the record is of the published schema', async () => {
  const folder = join(project, folderOf(first));
  expect(readFileSync(join(folder, 'worklog.md'), 'utf8')).toContain('5 of 8 passed = 62.5 %');
  expect(readFileSync(join(folder, 'loop.log'), 'utf8')).toContain('"msg":"stage ended"');
  expect(RunRecord.parse(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')))).toEqual(record);
  const schema = JSON.parse((await runLoop(project, ['show', '--schema'])).stdout);
  const validate = new Ajv2020({ validateFormats: false }).compile(schema);
  expect(validate(record), JSON.stringify(validate.errors)).toBe(true);
});

test('the branch of the pull request holds the revert', () => {
  const bare = join(project, '.loop', 'emulator', 'github', 'demo', 'chat.git');
  const branch = record.fixes[0]?.branch ?? '';
  const diff = execFileSync('git', ['-C', bare, 'diff', '--stat', `main...${branch}`], { encoding: 'utf8' });
  expect(diff).toContain('backend/events.js');
  const message = execFileSync('git', ['-C', bare, 'log', '-1', '--format=%B', branch], { encoding: 'utf8' });
  expect(message).toContain('Revert "backend: nest event fields in a payload"');
});

test('nothing that is stored or shown holds a secret', () => {
  const { DEMO_JWT_SECRET } = JSON.parse(readFileSync(join(project, '.loop', 'emulator', 'secrets.json'), 'utf8'));
  const token = readFileSync(join(project, '.loop', 'emulator', 'token'), 'utf8').trim();
  for (const place of ['worklogs', '.loop/loop.db']) {
    for (const secret of [DEMO_JWT_SECRET, token]) {
      const found = execFileSync('sh', ['-c', 'grep -rlaF -e "$1" "$2" || true', 'sh', secret, join(project, place)]);
      expect(found.toString()).toBe('');
    }
  }
});

test('the reads tell of it, from the run, the cause and the issue', async () => {
  const reads: [string[], string][] = [
    [['list'], record.run.id],
    [['status'], 'NO-GO'],
    [['show', record.run.id.slice(0, 20)], '5 of 8 passed = 62.5 %'],
    [['why', 'last'], 'backend: nest event fields in a payload'],
    [['why', record.causes[0]?.fingerprint ?? ''], 'issue     #1'],
    [['why', '#2'], 'pull request  #2'],
  ];
  for (const [words, text] of reads) {
    const end = await runLoop(project, words);
    expect(end, words.join(' ')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(end.stdout.replaceAll(/ +/g, ' ')).toContain(text.replaceAll(/ +/g, ' '));
  }
});

test('the same again publishes nothing twice', async () => {
  const before = writesAtGitHub();
  const again = await runLoop(project, ['--focus', 'all', '--json']);
  expect(again.exitCode).toBe(1);
  expect(writesAtGitHub()).toEqual(before);
  const lines = again.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines[0]).toMatchObject({ type: 'run-started', resumed: false });
  expect(lines.at(-2)).toMatchObject({ type: 'run-ended', verdict: 'NO-GO', exitCode: 1 });
  const last = RunRecord.parse(lines.at(-1));
  expect(last.published.every(({ action }) => action === 'none')).toBe(true);
});

test('after the merge: GO, traffic on the new revisions, and the issue closed', async () => {
  const { stdout } = await runLoop(project, ['emulate']);
  const github = /^GitHub +(http:\S+)\/demo\/chat$/m.exec(stdout)?.[1];
  const token = readFileSync(join(project, '.loop', 'emulator', 'token'), 'utf8').trim();
  const merged = await fetch(`${github}/repos/demo/chat/pulls/2/merge`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ merge_method: 'squash' }),
  });
  expect(merged.status).toBe(200);
  const end = await runLoop(project, ['--focus', 'all']);
  expect(end.exitCode, end.stderr).toBe(0);
  const after = await shown('last');
  expect(after.verdict).toMatchObject({ value: 'GO', counts: { selected: 32, passed: 32 } });
  expect(after.trafficMoves.map(({ service, verified }) => `${service} ${verified}`)).toEqual([
    'auth true',
    'backend true',
    'frontend true',
  ]);
  expect(after.published).toMatchObject([{ kind: 'close', action: 'closed', number: 1 }]);
});

test('replay computes the same verdict without the emulator, and sees a changed or missing artefact', async () => {
  await runLoop(project, ['emulate', '--stop']);
  const same = await runLoop(project, ['replay', record.run.id]);
  expect(same).toMatchObject({ exitCode: 0, stderr: '' });
  expect(same.stdout).toContain(`replay: same verdict NO-GO from ${record.evidence.length} artefacts`);
  const report = record.evidence.find(({ kind }) => kind === 'report');
  const file = join(project, folderOf(first), report?.path ?? '');
  appendFileSync(file, '<!-- added later -->');
  const changed = await runLoop(project, ['replay', record.run.id]);
  expect(changed.exitCode).toBe(4);
  expect(changed.stdout).toContain(`${report?.id} was changed: ${report?.path}`);
  rmSync(file);
  const missing = await runLoop(project, ['replay', record.run.id]);
  expect(missing.exitCode).toBe(4);
  expect(missing.stdout).toContain(`${report?.id} is missing`);
  expect(existsSync(join(project, '.loop', 'bugs.log'))).toBe(false);
});

async function shown(run: string): Promise<RunRecord> {
  return RunRecord.parse(JSON.parse((await runLoop(project, ['show', run, '--json'])).stdout));
}

function folderOf({ stderr }: LoopEnd): string {
  return /^worklogs\/\S+$/m.exec(stderr)?.[0] ?? '';
}

function writesAtGitHub(): string[] {
  return ledgerOf(project).flatMap((row) => (row.api === 'github' ? [`${row.method} ${row.path}`] : []));
}
