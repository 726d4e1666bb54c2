import { afterEach, beforeEach, expect, test } from 'vitest';
import { nodeTest, runAttempts, writeRepository } from '../testing/attempt-bed.ts';
import { SmallRun } from '../testing/small-run.ts';
import { unsound } from './unsound-attempt.ts';

let run: SmallRun;
beforeEach(async () => {
  run = await SmallRun.create();
});
afterEach(() => run.remove());

const select = { words: ['--test-name-pattern=^{test}$'] };
const command = [...nodeTest, '{select}', 'chat.test.js'];

const hostile = [
  '$(touch owned); `touch owned` & <owned',
  '-x --eval=1',
  '^.*$',
  '$LOOP_REPORT {select} {test}',
  'äß 日本 🦊 "\'\\',
];

/** Each test but the one that is asked for fails. */
function program(names: readonly string[], green: string): string {
  const lines = names.map(
    (name) => `test(${JSON.stringify(name)}, () => { ${name === green ? '' : "throw new Error('red')"} });`,
  );
  return `const { test } = require('node:test');\n${lines.join('\n')}\n`;
}

function asReported(name: string): string {
  return name.replaceAll('"', '&quot;');
}

test.each(hostile)('node runs this one alone, whatever it is called: %s', async (name) => {
  writeRepository(run, { 'chat.test.js': program([...hostile, 'plain'], name) });
  const [one] = await runAttempts(run, { run: command, select, testsMin: 6 }, [[asReported(name)]]);
  // node 20 escapes quotes twice in its report.
  expect(one?.attempt).toMatchObject({
    exitCode: 0,
    passed: [asReported(name)],
    red: [],
    narrowedTo: [asReported(name)],
    notNarrowed: null,
  });
  expect(one?.attempt.counts).toMatchObject({ selected: 1, passed: 1, skipped: 0, notRun: 0 });
  expect(one && unsound(one.attempt, one.suite)).toBeNull();
  expect(one?.facts.argv).toHaveLength(command.length);
});

test('what is absent is not run and says nothing; what was asked for and is red stays red; without any the attempt is no evidence', async () => {
  writeRepository(run, { 'chat.test.js': program(['a', 'b', 'c'], 'a') });
  const lists = [['a', 'gone'], ['b'], ['gone'], null];
  const ended = await runAttempts(run, { run: command, select, testsMin: 3 }, lists);
  const told = ended.map(({ attempt, suite }) => ({
    passed: attempt.passed,
    red: attempt.red.map(({ id }) => id),
    notRun: attempt.counts.notRun,
    unsound: unsound(attempt, suite),
  }));
  expect(told).toEqual([
    { passed: ['a'], red: [], notRun: 1, unsound: null },
    { passed: [], red: ['b'], notRun: 0, unsound: null },
    { passed: [], red: [], notRun: 1, unsound: 'no tests: the report holds none' },
    { passed: ['a'], red: ['b', 'c'], notRun: 0, unsound: null },
  ]);
});

test.each([
  ['no select:', { run: nodeTest.concat('chat.test.js') }, 'the suite has no select:'],
  ['too many', { run: command, select }, 'the names of 2 tests are'],
])('it runs whole and says why: %s', async (_story, given, because) => {
  writeRepository(run, { 'chat.test.js': program(['a', 'b'], 'a') });
  const [one] = await runAttempts(run, given, [['a', 'x'.repeat(100_000)]]);
  expect(one?.attempt).toMatchObject({
    narrowedTo: null,
    notNarrowed: expect.stringContaining(because),
    passed: ['a'],
  });
  expect(one?.attempt.counts.selected).toBe(2);
});

test('a shell is given the names in its environment, one a line', async () => {
  const shell = `node -e "require('fs').writeFileSync(process.env.LOOP_REPORT + '/r.xml', '<testsuite/>')"; printf '%s' "$LOOP_SELECT"`;
  writeRepository(run, { 'a.txt': '' });
  const ended = await runAttempts(run, { run: shell, shell: true, select: { words: ['{test}'], escape: 'none' } }, [
    ['; touch owned', '$(id)'],
    null,
  ]);
  expect(ended.map(({ console }) => console)).toEqual(['; touch owned\n$(id)', '']);
});
