import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunRecord, type SuiteResult } from '../core/record.ts';
import { runLoop } from '../testing/loop-process.ts';
import { smallProject } from '../testing/small-project.ts';

/** A project whose stable revision is healthy, with one honest suite, one that stops at its tenth red test, and one that cannot be collected. */
let project = '';
let first: RunRecord;
beforeAll(async () => {
  project = smallProject();
  writeFileSync(join(project, 'pipelines', 'e2e.yaml'), JSON.stringify(pipeline, null, 2));
  for (const [name, text] of Object.entries(suites)) writeFileSync(join(project, 'example', 'e2e', name), text);
  const end = await runLoop(project, ['--focus', 'all', '--deploy', 'never', '--level', 'observe']);
  expect(end.exitCode, end.stderr).toBe(1);
  first = await shown();
}, 180_000);
afterAll(async () => {
  await runLoop(project, ['emulate', '--stop']);
  rmSync(project, { recursive: true, force: true });
});

const node = ['node', '--test', '--test-reporter=spec', '--test-reporter-destination=stdout'];
const nodeReport = ['--test-reporter=junit', '--test-reporter-destination=$LOOP_REPORT/junit.xml'];
const shared = { service: 'hello', report: { path: '*.xml' } };
/** JSON is YAML too. */
const pipeline = {
  pipeline: 'e2e',
  deploy: { stableForSeconds: 0 },
  health: { samples: 1 },
  logs: { settleSeconds: 0 },
  phases: [
    { name: 'first', suites: ['greeting', 'maxfail', 'broken'] },
    { name: 'second', suites: ['elsewhere'] },
  ],
  suites: {
    greeting: {
      ...shared,
      run: [...node, ...nodeReport, 'e2e/greeting.test.js'],
      collect: { run: ['node', 'e2e/list.js', 'e2e/greeting.test.js'] },
      covers: ['hello/**'],
    },
    maxfail: {
      ...shared,
      gate: '80%',
      priority: 'P5',
      run: ['node', 'e2e/maxfail.js'],
      collect: { run: ['node', 'e2e/count.js'], count: 'number', match: '(\\d+) tests collected' },
      covers: ['e2e/**'],
    },
    broken: { ...shared, run: ['node', 'e2e/maxfail.js'], collect: { run: ['node', 'e2e/no-such-file.js'] } },
    elsewhere: {
      ...shared,
      run: [...node, ...nodeReport, '{select}', 'e2e/x.test.js'],
      select: { words: ['--test-name-pattern=^{test}$'] },
    },
  },
};

/** What pytest leaves with `--maxfail=10`: 61 of 215 tests were executed. */
const maxfail = `import { writeFileSync } from 'node:fs';
const test = (n) => '<testcase classname="t" name="test_' + n + '" time="0.1">' +
  (n < 7 ? '<failure message="no">no</failure>' : n < 10 ? '<error message="no">no</error>' : '') + '</testcase>';
const cases = Array.from({ length: 61 }, (_, n) => test(n)).join('');
writeFileSync(process.env.LOOP_REPORT + '/junit.xml', '<testsuite name="pytest" tests="61" failures="7" errors="3">' + cases + '</testsuite>');
console.log('===== 7 failed, 51 passed, 3 errors in 6.10s =====');
process.exitCode = 1;
`;
const suites = {
  'maxfail.js': maxfail,
  'count.js': "console.log('215 tests collected in 0.31s');\n",
  'list.js': `import { readFileSync } from 'node:fs';
for (const [, name] of readFileSync(process.argv[2], 'utf8').matchAll(/^test\\('([^']+)'/gm)) console.log(name);
`,
};

test('--maxfail: the denominator is what was collected, not what was executed', () => {
  const { verdict, counts, passRatePermille, collected, invalidBecause } = suite('maxfail');
  expect(counts).toEqual({ selected: 215, executed: 61, passed: 51, failed: 7, errored: 3, skipped: 0, notRun: 154 });
  expect({ verdict, passRatePermille, invalidBecause }).toEqual({
    verdict: 'NO-GO',
    passRatePermille: 237,
    invalidBecause: [],
  });
  expect(collected?.count).toBe(215);
});

test('what could not be collected was not run, proves nothing, and is a cause of the tests', async () => {
  const { verdict, counts, invalidBecause, exitCode, evidence } = suite('broken');
  expect({ verdict, exitCode, notRun: counts.notRun, selected: counts.selected }).toEqual({
    ...{ verdict: 'INVALID', exitCode: null, notRun: 1, selected: 1 },
  });
  expect(invalidBecause).toEqual([expect.stringMatching(/^collection failed: exit code 1: /)]);
  expect(kindsOf(evidence)).toEqual(['collection']);
  const alone = await runLoop(project, ['--focus', 'broken', '--deploy', 'never', '--level', 'observe']);
  expect(alone.exitCode, alone.stderr).toBe(4);
  expect((await shown()).causes.map((cause) => [cause.class, cause.suite])).toEqual([['test', 'broken']]);
});

test('the selection is evidence, and so is every collection', () => {
  const { selection } = first;
  expect(kindsOf(selection?.evidence ?? [])).toEqual(['selection']);
  const [stored] = first.evidence.filter(({ kind }) => kind === 'selection');
  const [folder = ''] = readdirSync(join(project, 'worklogs')).filter((name) => !name.startsWith('.'));
  const content = JSON.parse(readFileSync(join(project, 'worklogs', folder, stored?.path ?? ''), 'utf8'));
  expect(content).toMatchObject({
    sha256: selection?.sha256,
    thresholdsSha256: first.run.thresholdsSha256,
    thresholds: expect.arrayContaining([{ suite: 'maxfail', thresholdPermille: 800, judgedBy: 'suite', testsMin: 1 }]),
  });
  expect(kindsOf(suite('greeting').evidence)).toEqual(['attempt', 'console', 'report', 'collection']);
  expect(suite('greeting').collected).toEqual({ count: 3, evidence: [suite('greeting').evidence.at(-1)] });
});

test('the replay counts again from the stored collections', async () => {
  const replay = await runLoop(project, ['replay', first.run.id]);
  expect(replay.stdout).toContain('51 of 215 passed = 23.7 %');
  expect(replay.stdout).not.toContain('differs');
});

test('the next plan goes by what was seen: the red suite first, and tests by their names', async () => {
  const plan = await list('--focus', 'all');
  expect(plan).toMatch(/^first +greeting +3 of 3 /m);
  expect(plan).toMatch(/^maxfail +all suites are selected\n +order: it failed last time, 10 red in run /m);
  expect(plan).toMatch(/^broken +all suites are selected\n +order: it is new$/m);
  expect(await list('--focus', 'IT greets')).toMatch(
    /^greeting +1 test of it matches "IT greets"; it runs whole, since it has no `select:`$/m,
  );
  const listed = JSON.parse(await list('--focus', 'test_6', 'greeting', '--json'));
  expect(listed.selection).toMatchObject({ focus: ['test_6', 'greeting'], partial: true, impact: null });
  const refused = await runLoop(project, ['--list', '--focus', 'gretes']);
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('did you mean "greets"?') });
});

test('changed: what covers a path that HEAD has otherwise, and what says nothing about it', async () => {
  const plan = await list('--focus', 'changed');
  expect(plan).toMatch(
    /^changed +1 path between [0-9a-f]{12}, which serves, and HEAD [0-9a-f]{12}: hello\/server\.js$/m,
  );
  expect(plan).toMatch(/^greeting +hello\/server\.js changed/m);
  expect(plan).toMatch(/^maxfail +nothing that it covers changed$/m);
  expect(plan).toMatch(/^broken +it says nothing about what it covers$/m);
});

test('a killed run goes on with the selection that it began with', async () => {
  const asked = ['--focus', 'changed', 'it greets', '--dry-run'];
  expect((await runLoop(project, asked, { LOOP_FAILPOINT: 'write:2' })).signal).toBe('SIGKILL');
  const resumed = await runLoop(project, ['resume']);
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  const { selection } = await shown();
  expect(selection?.impact).toMatchObject({ paths: ['hello/server.js'], more: 0, unknown: null });
  expect(selection?.suites.filter((one) => one.selected).map(({ name }) => name)).toEqual([
    'greeting',
    'broken',
    'elsewhere',
  ]);
  const worklog = (await runLoop(project, ['show'])).stdout;
  expect(worklog).toMatch(
    /^- Changed between what served \(hello `[0-9a-f]{12}`\) and HEAD `[0-9a-f]{12}`: `hello\/server\.js`$/m,
  );
  expect(worklog).toMatch(/^- Selection SHA-256 `[0-9a-f]{64}` \[E\d+\]$/m);
});

function suite(name: string): SuiteResult {
  const found = first.phases.flatMap((phase) => phase.suites).find((one) => one.name === name);
  if (!found) throw new Error(`no suite ${name}: ${first.verdict?.reason}`);
  return found;
}

function kindsOf(ids: readonly string[]): (string | undefined)[] {
  return ids.map((id) => first.evidence.find((one) => one.id === id)?.kind);
}

async function list(...args: string[]): Promise<string> {
  const end = await runLoop(project, ['--list', ...args]);
  expect(end.exitCode, end.stderr).toBe(0);
  return end.stdout;
}

async function shown(): Promise<RunRecord> {
  return RunRecord.parse(JSON.parse((await runLoop(project, ['show', '--json'])).stdout));
}
