import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readSuiteReport } from './suite-report.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loop-suite-report-'));
  mkdirSync(join(folder, 'deep'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const read = (...patterns: string[]) =>
  readSuiteReport({
    folder,
    patterns,
    root: folder,
    startedAt: new Date(Date.now() - 60_000),
    output: '',
    testsMin: 1,
    narrowedTo: null,
    redact: (text) => text,
  });
const junit = (name: string) => `<testsuite name="s"><testcase name="${name}"/></testsuite>`;

test('several globs and formats are one suite; a file that two globs match is read once', async () => {
  write('a.xml', junit('a'));
  write('deep/b.xml', junit('b'));
  write('c.tap', '1..1\nnot ok 1 - c\n');
  const report = await read('**/*.xml', 'a.xml', '*.tap');
  expect(report).toMatchObject({
    problem: null,
    counts: { selected: 3, passed: 2, failed: 1 },
    passed: ['s > a', 's > b'],
    red: [{ id: 'c' }],
  });
});

test('one test in two files is two tests: no file says that it repeats another', async () => {
  write('a.xml', junit('a'));
  write('b.xml', junit('a'));
  expect((await read('*.xml')).passed).toEqual(['s > a', 's > a #2']);
});

test('every glob must match', async () => {
  write('a.xml', junit('a'));
  expect(await read('*.xml', '*.tap')).toMatchObject({
    problem: "no report: nothing matches *.tap in the attempt's folder",
    counts: { passed: 0, notRun: 1 },
  });
});

test('a stale file, and a link', async () => {
  write('a.xml', junit('a'));
  utimesSync(join(folder, 'a.xml'), 1, 1);
  expect((await read('*.xml')).problem).toContain('stale report: a.xml');
  rmSync(join(folder, 'a.xml'));
  symlinkSync('/etc/hostname', join(folder, 'b.xml'));
  expect((await read('*.xml')).problem).toContain('symbolic link');
});
