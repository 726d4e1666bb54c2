import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';

const stories: [string, string, string[]][] = [
  ['TAP 12', '1..2\nok 1 - a\nnot ok 2 - b\n', ['passed a', 'failed b']],
  [
    'numbers and dashes are optional',
    'TAP version 13\nok\nok 2-b\nok-c\nnot ok d\n1..4\n',
    ['passed (no name)', 'passed b', 'passed c', 'failed d'],
  ],
  [
    'skip and todo',
    'TAP version 13\n1..4\nok 1 - a # SKIP no db\nnot ok 2 # TODO later\nok 3 # todo\nok 4 - not \\# SKIP\n',
    ['skipped a', 'skipped (no name)', 'skipped (no name) #2', 'passed not # SKIP'],
  ],
  ['nothing to run', 'TAP version 13\n1..0 # skip no translator\n', []],
  ['a plan that was not kept', 'TAP version 13\n1..5\nok 1 - a\n', ['passed a', 'doubt plan-differs']],
  [
    'more tests than planned',
    'TAP version 13\n1..1\nok 1 - a\nok 2 - b\n',
    ['passed a', 'passed b', 'doubt plan-differs'],
  ],
  ['no plan: the end is missing', 'TAP version 13\nok 1 - a\n', ['passed a', 'doubt plan-differs']],
  [
    'bail out after a pass is red',
    'TAP version 13\n1..2\nok 1 - a\nBail out! no db\n',
    ['passed a', 'errored (the run itself)', 'doubt plan-differs', 'doubt killed-run'],
  ],
  [
    'bail out after a failure',
    '1..2\nnot ok 1 - a\nBail out!\n',
    ['failed a', 'doubt plan-differs', 'doubt killed-run'],
  ],
  [
    'results inside of a diagnostic are none',
    "TAP version 13\n1..1\nnot ok 1 - a\n  ---\n  message: 'no'\n  got: |\n    ok 2 - b\nok 3 - c\n  ...\n",
    ['failed a'],
  ],
  [
    'cut inside of a diagnostic',
    'TAP version 13\n1..1\nnot ok 1 - a\n  ---\n  message: no\n',
    ['failed a', 'refused truncated'],
  ],
  ['a test after the closing plan', 'ok 1 - a\n1..1\nok 2 - b\n', ['refused not-well-formed']],
  ['two runs in one file', 'TAP version 13\n1..1\nok 1 - a\nTAP version 13\nok 1 - a\n', ['refused two-roots']],
  [
    'a test with subtests is their suite',
    'TAP version 14\n# Subtest: outer\n    # Subtest: inner\n        not ok 1 - x\n        1..1\n    not ok 1 - inner\n    ok 2 - y\n    1..2\nnot ok 1 - outer\n1..1\n',
    ['failed outer > inner > x', 'passed outer > y'],
  ],
  [
    'green subtests do not hide their parent’s own failure',
    'TAP version 14\n    ok 1 - x\n    1..1\nnot ok 1 - outer\n1..1\n',
    ['passed outer > x', 'failed outer'],
  ],
  [
    'red subtests are red, whatever the parent says',
    'TAP version 14\n    not ok 1 - x\n    1..1\nok 1 - outer\n1..1\n',
    ['failed outer > x'],
  ],
  [
    'a todo parent',
    'TAP version 14\n    not ok 1 - x\n    1..1\nnot ok 1 - outer # TODO later\n1..1\n',
    ['skipped outer > x'],
  ],
  ['subtests in braces', 'TAP version 13\nok 1 - outer {\n    not ok 1 - x\n    1..1\n}\n1..1\n', ['failed outer > x']],
  [
    'a killed run names the test that ran',
    'TAP version 13\n# Subtest: a\nok 1 - a\n# Subtest: b\n',
    ['passed a', 'errored b', 'doubt plan-differs'],
  ],
  [
    'a killed run keeps its subtests',
    'TAP version 13\n# Subtest: outer\n    # Subtest: x\n    not ok 1 - x\n',
    ['failed outer > x', 'errored outer', 'doubt plan-differs'],
  ],
  ['times are no names', '1..2\nok 1 a in 12ms\nok 2 - b # time=1.5ms\n', ['passed a', 'passed b']],
];

describe('TAP', () => {
  test.each(stories)('%s', async (_, text, expected) => {
    expect(shown(await readSample(text))).toEqual(['tap', ...expected]);
    expect(shown(await readSample(text.replaceAll('\n', '\r\n'), { step: 5 }))).toEqual(['tap', ...expected]);
  });

  test('bats says why in comments', async () => {
    const text = "1..1\nnot ok 1 adds\n# (in test file test/a.bats, line 7)\n#   `false' failed\n";
    const [only] = (await readSample(text)).report.tests;
    expect(only).toMatchObject({ outcome: 'failed', message: "(in test file test/a.bats, line 7)\n`false' failed" });
  });

  test("node's own reporter: outcomes, places, and figures that agree", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'loop-tap-'));
    await writeFile(join(folder, 'a.test.mjs'), nodeTests);
    const text = await runNode(folder);
    await rm(folder, { recursive: true });
    const reading = await readSample(text, { root: folder });
    expect(shown(reading)).toEqual([
      'tap',
      'passed adds',
      'failed subtracts',
      'skipped later',
      'skipped someday',
      'passed group > inner',
      'failed parent > child',
      'passed own > green',
      'failed own',
    ]);
    expect(reading.report.tests.at(1)).toMatchObject({
      message: 'not equal',
      file: 'a.test.mjs',
      line: 4,
      failureType: 'testCodeFailure',
      frames: [{ file: 'a.test.mjs', line: 4 }],
    });
    expect(reading.report.runnerSummary).toMatchObject({ tests: 9, failed: 4 });
  });
});

const nodeTests = `import { describe, test } from 'node:test';
import assert from 'node:assert';
test('adds', () => {});
test('subtracts', () => { assert.equal(1, 2, 'not equal'); });
test.skip('later', () => {});
test.todo('someday', () => { throw new Error('x'); });
describe('group', () => { test('inner', () => {}); });
test('parent', async (t) => { await t.test('child', () => { throw new Error('y'); }); });
test('own', async (t) => { await t.test('green', () => {}); throw new Error('z'); });
`;

function runNode(cwd: string): Promise<string> {
  const { NODE_TEST_CONTEXT: _inside, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, ['--test', '--test-reporter=tap', 'a.test.mjs'], { cwd, env }, (_, stdout) =>
      resolve(stdout),
    );
  });
}
