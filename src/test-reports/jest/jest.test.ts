import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';

type Json = Record<string, unknown>;

const file = (tests: Json[], more: Json = {}): Json => ({
  name: '/app/a.test.js',
  status: 'passed',
  message: '',
  assertionResults: tests,
  ...more,
});
const one = (status: string, more: Json = {}): Json => ({
  ancestorTitles: ['S'],
  title: 't',
  status,
  failureMessages: [],
  ...more,
});
const report = (files: Json[], totals: Json = {}): string =>
  JSON.stringify({
    numTotalTests: files.flatMap((each) => each.assertionResults).length,
    numFailedTests: 0,
    numPendingTests: 0,
    success: true,
    ...totals,
    testResults: files,
  });

const stories: [string, string, string[]][] = [
  ['passes', report([file([one('passed')])]), ['passed a.test.js > S > t']],
  [
    'fails',
    report(
      [file([one('failed', { failureMessages: ['Error: no\n    at x (/app/a.test.js:3:1)'] })], { status: 'failed' })],
      { numFailedTests: 1 },
    ),
    ['failed a.test.js > S > t'],
  ],
  [
    'a file that did not run is red',
    report([file([one('passed')]), file([], { status: 'failed', message: 'SyntaxError: x' })], { success: false }),
    ['passed a.test.js > S > t', 'errored a.test.js > (the file itself)'],
  ],
  [
    'a file that broke after its tests is red',
    report([file([one('passed')], { status: 'failed', message: 'afterAll' })], { success: false }),
    ['passed a.test.js > S > t', 'errored a.test.js > (the file itself)'],
  ],
  [
    'retries keep their first attempts',
    report([file([one('passed', { invocations: 3, retryReasons: ['a', 'b'] })])]),
    ['passed a.test.js > S > t [failed failed passed]'],
  ],
  [
    'skipped in all words',
    report([file([one('pending'), one('todo'), one('disabled')])], { numPendingTests: 2, numTodoTests: 1 }),
    ['skipped a.test.js > S > t', 'skipped a.test.js > S > t #2', 'skipped a.test.js > S > t #3'],
  ],
  ['a word that is no outcome', report([file([one('maybe')])]), ['errored a.test.js > S > t', 'note totals-differ']],
  [
    'a failed run without a failed test',
    report([file([one('passed')])], { success: false }),
    ['passed a.test.js > S > t', 'errored (the run itself)', 'note totals-differ'],
  ],
  ['nothing ran', report([]), []],
  [
    'cut',
    report([file([one('failed')])], { numFailedTests: 1 }).slice(0, -1),
    ['failed a.test.js > S > t', 'refused truncated'],
  ],
];

describe('jest and vitest JSON', () => {
  test.each(stories)('%s', async (_, text, expected) => {
    expect(shown(await readSample(text))).toEqual(['jest', ...expected]);
    expect(shown(await readSample(text, { step: 11 }))).toEqual(['jest', ...expected]);
  });

  test("vitest's own report", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loop-vitest-'));
    await writeFile(join(folder, 'a.test.mjs'), vitestTests);
    await writeFile(join(folder, 'b.test.mjs'), "import './missing.mjs';\n");
    await runVitest(folder);
    const text = await readFile(join(folder, 'out.json'), 'utf8');
    await rm(folder, { recursive: true });
    const [format, ...told] = shown(await readSample(text, { root: folder }));
    expect(format).toBe('jest');
    expect(told.toSorted()).toEqual([
      'errored b.test.mjs > (the file itself)',
      'failed a.test.mjs > S > no',
      'passed a.test.mjs > S > yes',
      'skipped a.test.mjs > later',
    ]);
  });
});

const vitestTests = `import { describe, expect, test } from 'vitest';
describe('S', () => { test('yes', () => {}); test('no', () => { expect(1).toBe(2); }); });
test.skip('later', () => {});
`;

/** In a folder that resolves `vitest` from this project. */
async function runVitest(cwd: string): Promise<void> {
  const modules = resolve(import.meta.dirname, '..', '..', '..', 'node_modules');
  const { symlink } = await import('node:fs/promises');
  await symlink(modules, join(cwd, 'node_modules'));
  const args = [
    join(modules, 'vitest', 'vitest.mjs'),
    'run',
    '--root',
    cwd,
    '--reporter=json',
    '--outputFile=out.json',
  ];
  await new Promise<void>((done) => {
    execFile(process.execPath, args, { cwd }, () => done());
  });
}
