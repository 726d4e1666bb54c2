import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exampleProject } from '../testing/example-project.ts';
import { runLoop } from '../testing/loop-process.ts';

/** What the command line says without a run: no emulator is started by anything in this file. */
let project = '';
let empty = '';
beforeAll(() => {
  project = exampleProject();
  empty = mkdtempSync(join(tmpdir(), 'loop-empty-'));
  const embedded = readFileSync(join(project, 'config', 'local.yaml'), 'utf8');
  const real = embedded
    .replace('environment: local', 'environment: real')
    .replace('endpoints: emulator', 'endpoints: {}');
  writeFileSync(join(project, 'config', 'real.yaml'), real);
});
afterAll(() => {
  expect(readdirSync(project)).not.toContain('.loop');
  for (const folder of [project, empty]) rmSync(folder, { recursive: true, force: true });
});

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

test.each([
  ['--version', version],
  ['', 'Exit codes: 0 GO'],
  ['--help', 'Exit codes: 0 GO'],
  ['help', 'Exit codes: 0 GO'],
  ['run --help', '--focus <words...>'],
  ['replay --help', 'without a network'],
  ['show --schema', '"const": "loop/run/1"'],
  ['--list', 'critical  golden-path       2 of 2  backend   P1        100 %       at least 5'],
  ['--list --focus auth', 'critical  golden-path       no      backend'],
  ['list', 'No run yet'],
])('loop %s → 0, on stdout', async (words, text) => {
  const end = await runLoop(project, words.split(' ').filter(Boolean));
  expect(end).toMatchObject({ exitCode: 0, stderr: '' });
  expect(end.stdout).toContain(text);
});

test.each([
  ['runn', 'there is no command "runn"\n  hint: did you mean "run"?'],
  ['--focs all', "unknown option '--focs'\n(Did you mean --focus?)"],
  ['run', 'say what to test\n  hint: everything: loop --focus all'],
  ['--focus', "option '-f, --focus <words...>' argument missing"],
  ['--focus nonsense', 'no suite matches the focus "nonsense"\n  hint: focus words: all, changed, auth, frontend'],
  ['--focus all extra --list --env nope', 'config/nope.yaml: there is no such file\n  hint: what exists: local'],
  ['--focus all --pipeline nope', 'pipelines/nope.yaml: there is no such file'],
  ['--focus all --level root', 'Allowed choices are observe, report, propose, act'],
  ['--focus all --cycles 0', 'Expected a whole number from 1'],
  ['--focus all --cycles 2 --until-green', 'cannot be used with option'],
  ['--focus all --max-duration soon', 'Expected a time such as 8h'],
  ['--focus all --env real', 'GITHUB_TOKEN is not set'],
  ['status', 'there is no run yet'],
  ['resume', 'there is no run yet'],
  ['approve', "missing required argument 'run'"],
  ['nightly', 'pipeline e2e has no schedule'],
  ['nightly --cron often', '"often" is no cron expression'],
])('loop %s → 2, on stderr', async (words, text) => {
  const end = await runLoop(project, words.split(' '));
  expect(end).toMatchObject({ exitCode: 2, stdout: '' });
  expect(end.stderr).toContain(text);
});

test('outside a project it says which file is missing, and makes nothing', async () => {
  for (const words of [['--focus', 'all'], ['list'], ['status']]) {
    const end = await runLoop(empty, words);
    expect(end.exitCode).toBe(2);
    expect(end.stderr).toContain('config/local.yaml: there is no such file');
  }
  expect((await runLoop(empty, ['emulate', '--stop'])).exitCode).toBe(0);
  expect(readdirSync(empty)).toEqual([]);
});

test('a setting that is wrong is told with its place', async () => {
  const end = await runLoop(project, ['--focus', 'all'], { LOOP_CONFIG_LIMITS__MINUTES: 'soon' });
  expect(end.exitCode).toBe(2);
  expect(end.stderr).toContain('LOOP_CONFIG_LIMITS__MINUTES limits.minutes: expected a number, got "soon"');
});

test.each([
  [
    'a file that is no database',
    () => writeFileSync(join(empty, 'x.db'), 'not a database, but long enough to look like one'),
    'file is not a database',
  ],
  ['a database of a newer loop', () => newerDatabase(join(empty, 'x.db')), 'the database is at migration 999'],
])('%s is not touched', async (_story, make, text) => {
  rmSync(join(empty, 'x.db'), { force: true });
  make();
  const before = readFileSync(join(empty, 'x.db'));
  const end = await runLoop(project, ['--focus', 'all'], { LOOP_CONFIG_STORE: `sqlite:${join(empty, 'x.db')}` });
  expect(end.exitCode).toBe(2);
  expect(end.stderr).toContain(text);
  expect(readFileSync(join(empty, 'x.db')).equals(before)).toBe(true);
});

test('worklogs that cannot be written end it before anything is touched', async () => {
  writeFileSync(join(project, 'worklogs'), 'a file where the folder should be');
  const store = { LOOP_CONFIG_STORE: `sqlite:${join(empty, 'y.db')}` };
  const end = await runLoop(project, ['--focus', 'all'], store);
  rmSync(join(project, 'worklogs'));
  expect(end.exitCode).toBe(2);
  expect(end.stderr).toMatch(/the run's folder worklogs\/.* cannot be made: .*\n {2}hint: make worklogs\/ a folder/);
});

function newerDatabase(file: string): void {
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode=wal; create table migrations (n integer primary key, at text not null)');
  database.exec("insert into migrations values (999, '2030-01-01T00:00:00Z')");
  database.close();
}
