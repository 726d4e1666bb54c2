import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runLoop } from '../testing/loop-process.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'loop-parse-'));
  writeFileSync(
    join(folder, 'a.xml'),
    '<testsuite name="s" tests="9"><testcase name="yes" time="0.5"/><testcase name="no"><failure message="want\u202e 1"/></testcase></testsuite>',
  );
  writeFileSync(join(folder, 'b.tap'), '1..1\nok 1 - tapped\n');
  writeFileSync(
    join(folder, 'cut.json'),
    '{"reportFormat":"CTRF","results":{"tool":{},\n"tests":[{"name":"x","status":"failed"}',
  );
  writeFileSync(join(folder, 'empty.xml'), '');
  writeFileSync(join(folder, 'what.txt'), 'hello');
  mkdirSync(join(folder, 'dir'));
  symlinkSync('/etc/hostname', join(folder, 'link.xml'));
  const fifoMaker = 'mkfifo';
  execFileSync(fifoMaker, [join(folder, 'fifo.xml')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const parse = (...words: string[]) => runLoop(folder, ['parse', ...words]);

test('tells totals, doubts and red tests; red tests are an answer', async () => {
  const end = await parse('a.xml', 'b.tap');
  expect(end).toMatchObject({ exitCode: 0, stderr: '' });
  expect(end.stdout).toMatch(/junit\+tap +3 +2 +1 +0 +0 +0 +0\.500 s/);
  expect(end.stdout).toContain('doubt  ');
  expect(end.stdout).toContain('failed   s > no');
  expect(end.stdout).not.toContain('\u202e');
});

test('--json: one object with every test', async () => {
  const { stdout, exitCode } = await parse('a.xml', 'b.tap', '--json');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    format: 'junit+tap',
    totals: { tests: 3, passed: 2, failed: 1 },
    failures: [],
    tests: [{ id: 's > yes', durationMs: 500 }, { id: 's > no', message: 'want\u202e 1' }, { id: 'tapped' }],
  });
});

test('what was read of a broken report is shown, with the place where it broke', async () => {
  const end = await parse('cut.json');
  expect(end.exitCode).toBe(2);
  expect(end.stdout).toContain('failed   x');
  expect(end.stderr).toMatch(/cut\.json:2:\d+: the report ends too early/);
});

test.each([
  ['missing.xml', 'does not exist'],
  ['dir', 'is a folder'],
  ['link.xml', 'is a symbolic link'],
  ['fifo.xml', 'is a FIFO'],
  ['empty.xml', 'has 0 bytes'],
  ['what.txt', 'format is not known'],
])('refuses %s', async (file, why) => {
  const end = await parse(file);
  expect(end).toMatchObject({ exitCode: 2, stdout: '' });
  expect(end.stderr).toContain(why);
  expect(end.stderr).toContain('hint: ');
});

test('a file named twice counts once; attempts are joined when asked for', async () => {
  const tries = '<testsuite><testcase name="x"><failure/></testcase><testcase name="x"/></testsuite>';
  writeFileSync(join(folder, 'tries.xml'), tries);
  expect((await parse('tries.xml', './tries.xml')).stdout).toMatch(/junit +2 +1 +1 /);
  expect((await parse('tries.xml', '--same-name-retries')).stdout).toMatch(/junit +1 +1 +0 +0 +0 +1 /);
});

test('needs a file', async () => {
  expect(await parse()).toMatchObject({ exitCode: 2 });
});
