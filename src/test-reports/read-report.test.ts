import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { formats, readReport, readReportFiles } from './index.ts';

let folder = '';
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'loop-reports-')));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const options = () => ({ folder, root: folder });
const put = (name: string, xml: string): Promise<void> => writeFile(join(folder, name), xml);

test('several files become one report: every test once, ids apart, problems with their file', async () => {
  await put('a.xml', '<testsuite name="s" tests="1"><testcase name="x"/></testsuite>');
  await put('b.xml', '<testsuite name="s" tests="5"><testcase name="x"><failure/></testcase></testsuite>');
  const reading = await readReportFiles(['a.xml', join(folder, 'b.xml')], options());
  expect(reading).toMatchObject({
    ok: true,
    report: {
      format: 'junit',
      totals: { tests: 2, passed: 1, failed: 1, errored: 0, skipped: 0 },
      declared: { tests: 6 },
      runnerSummary: null,
      problems: [
        { code: 'totals-hide-tests', file: join(folder, 'b.xml') },
        { code: 'repeated-test', weight: 'note' },
      ],
    },
  });
  expect(reading.report.tests.map(({ id, outcome }) => `${id} ${outcome}`)).toEqual([
    's > x passed',
    's > x #2 failed',
  ]);
});

test('one bad file makes the reading fail, with the other file read', async () => {
  await put('a.xml', '<testsuite name="s"><testcase name="x"><failure/></testcase></testsuite>');
  await put('b.xml', '');
  const reading = await readReportFiles(['a.xml', 'b.xml'], options());
  expect(reading).toMatchObject({
    ok: false,
    failures: [{ reason: 'empty', file: 'b.xml', message: 'the report has 0 bytes' }],
    report: { totals: { tests: 1, failed: 1 } },
  });
});

test('only regular files inside the folder are opened', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'loop-outside-'));
  try {
    const xml = '<testsuite name="s"><testcase name="x"/></testsuite>';
    await writeFile(join(outside, 'real.xml'), xml);
    await put('real.xml', xml);
    await symlink(join(folder, 'real.xml'), join(folder, 'link.xml'));
    await symlink(outside, join(folder, 'elsewhere'));
    await mkdir(join(folder, 'dir.xml'));
    const fifoMaker = 'mkfifo';
    execFileSync(fifoMaker, [join(folder, 'fifo.xml')]);
    const files = [
      'link.xml',
      'dir.xml',
      'fifo.xml',
      'elsewhere/real.xml',
      '../x.xml',
      '/dev/zero',
      'gone.xml',
      'a\u0000.xml',
    ];
    const reading = await readReportFiles([...files, 'real.xml'], options());
    if (reading.ok) throw new Error('something odd was read');
    expect(reading.failures.map(({ file, reason }) => `${file} ${reason}`)).toEqual([
      'link.xml not-regular',
      'dir.xml not-regular',
      'fifo.xml not-regular',
      'elsewhere/real.xml outside-folder',
      '../x.xml outside-folder',
      '/dev/zero outside-folder',
      'gone.xml no-file',
      'a\u0000.xml unreadable',
    ]);
    expect(reading.report.totals.tests).toBe(1);
  } finally {
    await rm(outside, { recursive: true, force: true });
  }
});

test.each([
  ['no file at all', [], 'no-file', 'no report was found'],
  ['an unknown format', ['hello'], 'unknown-format', 'the report\'s format is not known: it begins with "hello"'],
  ['another XML', ['<catalog/>'], 'unknown-format', "the report's format is not known: it begins with <catalog>"],
  ['conflict markers', ['<<<<<<< HEAD\n<testsuite/>'], 'conflict-markers', 'the file holds merge conflict markers'],
])('%s', async (_name, texts, reason, message) => {
  const sources = texts.map((text, index) => ({ file: `${index}.xml`, bytes: bytesOf(text) }));
  expect(await readReport(sources, { root: folder })).toMatchObject({
    ok: false,
    failures: [{ reason, message }],
    report: { totals: { tests: 0 } },
  });
});

test('a source is closed when its content is refused, and an abort is handed on', async () => {
  let closed = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.from('hello '.repeat(4_000));
    } finally {
      closed += 1;
    }
  }
  await readReport([{ file: 'x', bytes: endless() }], { root: folder });
  expect(closed).toBe(1);
  const report = bytesOf('<testsuite/>');
  const reading = readReport([{ file: 'x', bytes: report }], {
    root: folder,
    signal: AbortSignal.abort(new Error('stop')),
  });
  await expect(reading).rejects.toThrow('stop');
});

test("node's own reporter: totals, outcomes, and a failure that its report cannot show", async () => {
  await put(
    'a.test.mjs',
    `import { test, describe, it } from 'node:test';
     test('green', () => {});
     test('todo', { todo: true }, () => { throw new Error('later'); });
     test('skip', { skip: true }, () => {});
     describe('group', () => { it('red', () => { throw new Error('boom'); }); });`,
  );
  await put(
    'b.test.mjs',
    `import { test } from 'node:test';
     test('parent', async (t) => { await t.test('green child', () => {}); throw new Error('only the parent fails'); });`,
  );
  runNode('a');
  runNode('b');
  const reading = await readReportFiles(['a.xml'], options());
  expect(reading).toMatchObject({
    ok: true,
    report: {
      totals: { tests: 4, passed: 1, failed: 1, errored: 0, skipped: 2 },
      runnerSummary: { tests: 4, passed: 1, failed: 1, errored: 0, skipped: 2 },
    },
  });
  const red = reading.report.tests.filter(({ outcome }) => outcome === 'failed').at(0);
  expect(red).toMatchObject({ id: 'group > red', message: 'boom' });
  expect(red?.frames[0]).toMatchObject({ file: 'a.test.mjs', line: 5 });

  const { report } = await readReportFiles(['b.xml'], options());
  const green = report.totals.failed + report.totals.errored === 0;
  expect(!green || report.problems.some(({ weight }) => weight === 'doubt')).toBe(true);
});

function runNode(name: string): void {
  const report = ['--test-reporter=junit', `--test-reporter-destination=${join(folder, `${name}.xml`)}`];
  try {
    execFileSync(process.execPath, ['--test', ...report, join(folder, `${name}.test.mjs`)], {
      env: { PATH: process.env.PATH ?? '' },
      stdio: 'ignore',
    });
  } catch {
    // The tests fail on purpose, and so does the runner.
  }
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

test('every folder beside this file is a registered format', () => {
  const here = dirname(fileURLToPath(import.meta.url));
  const folders = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const names = folders.map(({ name }) => name).filter((name) => !['json', 'live', 'xml'].includes(name));
  expect(Object.keys(formats).toSorted()).toEqual(names.toSorted());
  for (const [name, format] of Object.entries(formats)) expect(format.name).toBe(name);
});
