import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeTest, runAttempts, writeRepository } from '../testing/attempt-bed.ts';
import { SmallRun } from '../testing/small-run.ts';
import { unsound } from './unsound-attempt.ts';

let run: SmallRun;
beforeEach(async () => {
  run = await SmallRun.create();
});
afterEach(() => run.remove());

const command = [...nodeTest, '{item}'];
const split = { items: ['e2e/*.test.js'], workers: 2 };

/** One test that is called like its file, and may do something first. */
function file(name: string, body = ''): string {
  return `require('node:test').test(${JSON.stringify(name)}, async () => { ${body} });\n`;
}

interface StoredPiece {
  item: string;
  startedAt: string;
  durationMs: number;
  how: string;
}

test('six files over two workers are one attempt: every test once, one exit code, the files in order', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const files = names.map((name) => [`e2e/${name}.test.js`, file(name, name === 'd' ? "throw new Error('no')" : '')]);
  writeRepository(run, { ...Object.fromEntries(files), 'e2e/notes.txt': '', 'other/x.test.js': file('x') });
  const [one] = await runAttempts(run, { run: command, split, testsMin: 6 }, [null]);
  expect(one?.attempt).toMatchObject({
    exitCode: 1,
    passed: ['a', 'b', 'c', 'e', 'f'],
    red: [{ id: 'd' }],
    counts: { selected: 6, passed: 5, failed: 1, notRun: 0 },
    reportDoubts: [],
    summaryProblem: null,
    split: { workers: 2, items: 6 },
  });
  expect(one && unsound(one.attempt, one.suite)).toBeNull();
  const { makespanMs = 0, lowerBoundMs = 0 } = one?.attempt.split ?? {};
  expect(makespanMs).toBeGreaterThanOrEqual(lowerBoundMs - 1);
  expect(one?.console.match(/^---- attempt .*$/gm)?.map((line) => line.slice(-15))).toEqual(
    names.map((name) => `"e2e/${name}.test.js"`),
  );
  // Of each piece a report of its own is kept, behind the facts and the console.
  expect(one?.attempt.evidence).toHaveLength(8);
  const pieces = one?.facts.pieces as StoredPiece[];
  expect(mostAtOnce(pieces)).toBe(2);
});

test('the longest known piece is begun first, those of which nothing is known before it', async () => {
  writeRepository(run, Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [`e2e/${name}.test.js`, file(name)])));
  const { history } = run.store.memory('local', 'earlier');
  const known = { a: 10, b: 3_000, d: 200 };
  await history.rememberPieces(
    'chat',
    Object.entries(known).map(([name, durationMs]) => ({ item: `e2e/${name}.test.js`, durationMs })),
    '2026-11-01T00:00:00.000Z',
  );
  const [one] = await runAttempts(run, { run: command, split: { ...split, workers: 1 } }, [null]);
  expect(begun(one?.facts.pieces as StoredPiece[])).toEqual(['c', 'b', 'd', 'a']);
  const learned = await history.pieces('chat');
  expect(learned.map(({ item }) => item.slice(4, 5))).toEqual(['a', 'b', 'c', 'd']);
  expect(learned.find(({ item }) => item.includes('/b.'))?.durationMs).toBeLessThan(3_000);
});

test('a piece that is killed is told by its name, and what the others showed stays', async () => {
  writeRepository(run, {
    'e2e/a.test.js': file('a', "throw new Error('red')"),
    'e2e/b.test.js': file('b', "process.kill(process.ppid, 'SIGKILL')"),
    'e2e/c.test.js': file('c'),
  });
  const [one] = await runAttempts(run, { run: command, split }, [null]);
  expect(one?.attempt).toMatchObject({
    exitCode: null,
    partial: true,
    passed: [],
    counts: { passed: 1 },
    red: [{ id: 'a' }],
  });
  expect(one && unsound(one.attempt, one.suite)).toMatch(/^killed: e2e\/b\.test\.js: ended by SIGKILL/);
});

test('a piece that hangs ends with the time limit of the whole, and nothing more is begun', async () => {
  writeRepository(run, {
    'e2e/a.test.js': file('a', 'await new Promise(() => setInterval(() => {}, 1e5))'),
    'e2e/b.test.js': file('b'),
  });
  const [one] = await runAttempts(run, { run: command, split: { ...split, workers: 1 }, timeoutSeconds: 1 }, [null]);
  expect(one && unsound(one.attempt, one.suite)).toMatch(
    /^timed out: e2e\/a\.test\.js: .*; e2e\/b\.test\.js: not begun$/,
  );
});

const liar = `
const { writeFileSync } = require('node:fs');
const [, , file] = process.argv;
const red = file.includes('red');
const cases = { 'e2e/empty': '', 'e2e/red': '<testcase name="r"><failure message="no"/></testcase>' };
if (file !== 'e2e/silent') writeFileSync(process.env.LOOP_REPORT + '/r.xml', '<testsuite>' + (cases[file] ?? '<testcase name="g"/>') + '</testsuite>');
process.exitCode = file === 'e2e/green-but-1' ? 1 : 0;
`;

// Exit code, report and summary of each piece: a sum would hide that two of them lie in opposite ways.
test.each([
  [
    'no report',
    ['e2e/fine', 'e2e/silent'],
    /^no report: nothing matches \*\.xml in the attempt's folder \(piece e2e\/silent\)$/,
  ],
  ['no tests', ['e2e/fine', 'e2e/empty'], /no tests: the report holds none \(piece e2e\/empty\)$/],
  [
    'two lies',
    ['e2e/green-but-1', 'e2e/red'],
    /1, but the report has nothing red \(piece e2e\/green-but-1\); .*0, but the report has 1 red \(piece e2e\/red\)$/,
  ],
] as const)('%s', async (_story, items, because) => {
  writeRepository(run, { 'liar.js': liar });
  const list = ['node', '-p', JSON.stringify(items.join('\n'))];
  const given = { run: ['node', 'liar.js', '{item}'], split: { items: { run: list }, workers: 1 } };
  const [one] = await runAttempts(run, given, [null]);
  expect(one && unsound(one.attempt, one.suite)).toMatch(because);
});

// [the story, what the command prints, what is said]
test.each([
  ['an option', "'--watch'", 'the piece "--watch" begins like an option'],
  ['a path upwards', "'e2e/../../x'", 'the piece "e2e/../../x" leaves the folder'],
  ['an absolute path', "'/etc/passwd'", 'the piece "/etc/passwd" leaves the folder'],
  ['nothing', "''", 'the suite has no pieces: node printed no line'],
  [
    'too many',
    "Array.from({ length: 10001 }, (_, n) => 'x' + n).join('\\n')",
    'the suite has 10001 pieces, more than 10000',
  ],
  [
    'a crash',
    "(() => { throw new Error('lost') })()",
    /the command that lists the pieces failed: .*: exit code 1: Node\.js v/,
  ],
])('a list of pieces with %s is refused', async (_story, expression, said) => {
  writeRepository(run, { 'a.js': '' });
  const given = { run: ['node', '{item}'], split: { items: { run: ['node', '-p', expression] } } };
  const [one] = await runAttempts(run, given, [null]);
  expect(one?.attempt.how).toBe('not-started');
  expect(one?.attempt.message).toMatch(said);
});

test('globs find files below the folder, each once, and no link leads out of it', async () => {
  writeRepository(run, {
    'e2e/deep/b.test.js': file('b'),
    'e2e/a.test.js': file('a'),
    'node_modules/x/c.test.js': '',
  });
  const given = { run: command, split: { items: ['**/*.test.js', 'e2e/**'], workers: 2 } };
  const [one] = await runAttempts(run, given, [null]);
  expect(one?.attempt.passed).toEqual(['a', 'b']);
  const second = await SmallRun.create();
  writeRepository(second, { 'e2e/a.test.js': file('a') });
  symlinkSync('/etc/hostname', join(second.folder, 'repository', 'e2e', 'z.test.js'));
  const [other] = await runAttempts(second, given, [null]);
  await second.remove();
  expect(other?.attempt.message).toBe('e2e/z.test.js is a link that leads out of the folder');
});

test('a split suite that is narrowed is one command for all its pieces', async () => {
  writeRepository(run, { 'e2e/a.test.js': file('a'), 'e2e/b.test.js': file('b') + file('c') });
  const select = { words: ['--test-name-pattern=^{test}$'] };
  const given = { run: [...nodeTest, '{select}', '{item}'], split, select };
  const [one] = await runAttempts(run, given, [['c']]);
  expect(one?.attempt).toMatchObject({
    exitCode: 0,
    passed: ['c'],
    counts: { selected: 1 },
    split: null,
    narrowedTo: ['c'],
  });
});

function begun(pieces: readonly StoredPiece[]): string[] {
  return pieces
    .toSorted((one, other) => Date.parse(one.startedAt) - Date.parse(other.startedAt))
    .map(({ item }) => item.slice(4, 5));
}

function mostAtOnce(pieces: readonly StoredPiece[]): number {
  const at = ({ startedAt }: StoredPiece) => Date.parse(startedAt);
  return Math.max(
    ...pieces.map((one) => pieces.filter((two) => at(two) <= at(one) && at(two) + two.durationMs > at(one) + 2).length),
  );
}
