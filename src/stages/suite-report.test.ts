import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
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
const request = (patterns: readonly string[]) => ({
  folder,
  patterns,
  root: folder,
  startedAt: new Date(Date.now() - 60_000),
  output: '',
  testsFloor: 1,
  narrowedTo: null,
  stopped: null,
  redact: (text: string) => text,
});
const read = (...patterns: string[]) => readSuiteReport(request(patterns));
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

// [what lies there, how it came there, the sentence of the suite]
test.each<[string, (file: string) => void, RegExp]>([
  ['0 bytes', (file) => writeFileSync(file, ''), /^unreadable report \(empty\): the report has 0 bytes/],
  ['1 GB', (file) => huge(file, 2 ** 30), /^unreadable report \(too-large\): the report has 1073741824 bytes/],
  ['a hole', (file) => huge(file, 2 ** 27), /\(truncated\): 4096 NUL characters in a row/],
  ['two roots', (file) => writeFileSync(file, junit('a') + junit('b')), /\(two-roots\)/],
  ['conflict markers', (file) => writeFileSync(file, `<<<<<<< ours\n${junit('a')}`), /merge conflict markers/],
  ['a FIFO', (file) => void execFileSync(fifoMaker, [file]), /^unreadable report \(not-regular\): x.xml is a FIFO/],
  ['a link to a secret', (file) => symlinkSync('/etc/hostname', file), /\(not-regular\): x.xml is a symbolic link/],
])('no report: %s', async (_, make, sentence) => {
  make(join(folder, 'x.xml'));
  const report = await read('*.xml');
  expect(report.problem).toMatch(sentence);
  expect(report.counts.passed).toBeLessThanOrEqual(1);
});

test('what is no plain file is not opened again for the evidence', async () => {
  execFileSync(fifoMaker, [join(folder, 'fifo.xml')]);
  symlinkSync('/etc/hostname', join(folder, 'link.xml'));
  write('a.xml', junit('a'));
  expect((await read('*.xml')).files).toEqual([join(folder, 'a.xml')]);
});

test('a report that another process writes meanwhile is nobody’s', async () => {
  write('a.xml', `<testsuite name="s">${'<testcase name="a"/>'.repeat(50_000)}</testsuite>`);
  let done = false;
  const reading = read('*.xml').finally(() => {
    done = true;
  });
  while (!done) {
    appendFileSync(join(folder, 'a.xml'), '\n');
    await new Promise((resume) => setImmediate(resume));
  }
  expect(await reading).toMatchObject({
    problem: expect.stringContaining('while it was read: another process writes it'),
    counts: { passed: 0 },
    files: [],
  });
});

test('lying totals and names that attack: doubted, inert', async () => {
  const names = ['__proto__', 'constructor', '../../etc/passwd', 'x'.repeat(1_000_000), 'a&#10;b'];
  const cases = names.map((name) => `<testcase name="${name}" file="../../../etc/passwd"/>`).join('');
  write('a.xml', `<testsuite name="s" tests="9" failures="2">${cases}</testsuite>`);
  const report = await read('*.xml');
  expect(report).toMatchObject({ problem: null, counts: { passed: 5 } });
  expect(report.doubts).toEqual(['the suite "s" says 9 tests, 2 failed; it holds 5 tests, 0 failed']);
  expect(report.passed.every((id) => id.length < 2_000)).toBe(true);
});

test('other encodings are read by their marks', async () => {
  writeFileSync(join(folder, 'a.xml'), Buffer.from(`\uFEFF${junit('grüß')}`, 'utf16le'));
  writeFileSync(
    join(folder, 'b.xml'),
    Buffer.from(`<?xml version="1.0" encoding="windows-1252"?>${junit('gr\u00fc')}`, 'latin1'),
  );
  expect((await read('*.xml')).passed).toEqual(['s > grüß', 's > grü']);
});

test('attempts of one test in two files are joined where the suite says so', async () => {
  const red =
    '<testsuite name="s" timestamp="2026-01-01T10:00:00"><testcase name="a"><failure/></testcase></testsuite>';
  write('2.xml', red);
  write('1.xml', '<testsuite name="s" timestamp="2026-01-01T10:00:09"><testcase name="a"/></testsuite>');
  expect(await read('*.xml')).toMatchObject({ counts: { selected: 2, passed: 1, failed: 1 } });
  const joined = await readSuiteReport({ ...request(['*.xml']), retries: 'same-name' });
  expect(joined).toMatchObject({
    counts: { selected: 1, passed: 1, failed: 0 },
    signs: { retried: { tests: 1, first: [{ test: 's > a', attempts: 'FP' }] } },
  });
});

const fifoMaker = 'mkfifo';

/** Sparse: it takes no room on the disk. */
function huge(file: string, bytes: number): void {
  writeFileSync(file, '<testsuite name="s"><testcase name="a"/>');
  truncateSync(file, bytes);
}
