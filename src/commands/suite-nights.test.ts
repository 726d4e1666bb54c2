import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RunRecord } from '../core/record.ts';
import { runLoop } from '../testing/loop-process.ts';
import { smallProject } from '../testing/small-project.ts';

/** Nights of one suite against what serves; the file `tests` names its tests, a red one with a `!`. */
let project = '';
beforeAll(async () => {
  project = smallProject();
  writeFileSync(join(project, 'example', 'e2e', 'greeting.test.js'), suite(project));
  expect((await runLoop(project, ['emulate'])).exitCode).toBe(0);
}, 60_000);
afterAll(async () => {
  await runLoop(project, ['emulate', '--stop']);
  rmSync(project, { recursive: true, force: true });
});

const suite = (folder: string) => `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const headers = { 'user-agent': process.env.LOOP_USER_AGENT ?? '' };
for (const word of readFileSync(${JSON.stringify(join(folder, 'tests'))}, 'utf8').split(' ')) {
  test(word.replace('!', ''), async () => {
    const answer = await fetch(process.env.LOOP_URL_HELLO, { headers });
    assert.ok(answer.ok && !word.includes('!'));
  });
}
`;

const pipelineWith = (more: string, rest: string) => `pipeline: e2e
control: { repeats: 1 }
health: { samples: 1 }
logs: { settleSeconds: 1 }
rules: { instant: off }
phases: [{ name: all, suites: [greeting] }]
suites:
  greeting:
    priority: P4
    service: hello
    run: [node, --test, --test-reporter=junit, --test-reporter-destination=$LOOP_REPORT/junit.xml, e2e/greeting.test.js]
    report: { path: "*.xml" }
    evidence: server
    criteria: [{ rate: baseline }]
${more}${rest}`;

async function night(tests: string, more = '', rest = '') {
  writeFileSync(join(project, 'tests'), tests);
  writeFileSync(join(project, 'pipelines', 'e2e.yaml'), pipelineWith(more, rest));
  const end = await runLoop(project, ['--focus', 'all', '--deploy', 'never', '--level', 'report']);
  expect([0, 1, 4], end.stderr).toContain(end.exitCode);
  const record = RunRecord.parse(JSON.parse((await runLoop(project, ['show', '--json'])).stdout));
  const replay = await runLoop(project, ['replay']);
  expect(replay.exitCode, replay.stdout).toBe(0);
  const [judged] = record.phases.flatMap((phase) => phase.suites);
  if (!judged) throw new Error(record.verdict?.reason ?? 'nothing was judged');
  return { id: record.run.id, record, judged, next: record.next.map(({ what }) => what) };
}

test('the floor, the baseline of a criterion and the proposals of a suite come from its own history', async () => {
  const first = await night('a b c d');
  expect(first.judged).toMatchObject({
    verdict: 'GO',
    criteria: [{ state: 'unproven' }],
    // Whom the tests talked to: the address that they were given, and who answers the health checks there.
    targets: [{ host: expect.stringMatching(/^localhost:\d+$/), serverHeader: 'loop emulator' }],
  });

  const second = await night('a b c d');
  const rate = `the rate is not below the baseline's: 100 % against 100 % in ${first.id}`;
  expect(second.judged).toMatchObject({ verdict: 'GO', criteria: [{ state: 'met', text: rate }] });

  const lost = await night('a b c');
  expect(lost.judged).toMatchObject({
    verdict: 'INVALID',
    counts: { selected: 4, passed: 3, notRun: 1 },
    invalidBecause: [expect.stringContaining(`3 collected, floor 4 of run ${second.id}`)],
  });

  const declared = await night('a b c', '    testsMin: 3\n');
  expect(declared.judged.verdict).toBe('GO');
  expect(declared.judged.warnings).toContain(`fewer tests: 3 collected, 4 in the last good run ${second.id}`);

  const later = await night('a b c');
  expect(later.judged.rules).toContainEqual(
    expect.objectContaining({ name: 'floor', ok: true, figure: `3 collected, floor 3 of run ${declared.id}` }),
  );
  expect(later.next).toEqual([]);

  const excused = (passes: number) =>
    `quarantine: [{ suite: greeting, test: c, owner: ann, issue: '#7', until: 2099-01-01, leave: { passes: ${passes} } }]\n`;
  const fifth = await night('a b c', '', excused(5));
  expect(fifth.next).toEqual([
    'take "c" of greeting out of quarantine',
    'set rules: { hosts: enforce, never-awaited: enforce, mock: enforce, bypass: enforce } in pipelines/e2e.yaml',
  ]);

  // Its own red result ends the row of passes, and does not gate.
  const red = await night('a b c!', '', excused(5));
  expect(red.judged).toMatchObject({ verdict: 'GO', excused: [{ outcome: 'red' }], criteria: [{ state: 'not-met' }] });
  expect(red.next.filter((what) => what.startsWith('take'))).toEqual([]);
  const again = await night('a b c', '', excused(2));
  expect(again.next.filter((what) => what.startsWith('take'))).toEqual([]);
  const twice = await night('a b c', '', excused(2));
  expect(twice.next.filter((what) => what.startsWith('take'))).toHaveLength(1);
}, 240_000);

test('a suite that is pointed at this machine is refused before anything', async () => {
  const pointed = pipelineWith('', '').replace(
    'e2e/greeting.test.js]',
    'e2e/greeting.test.js, "http://localhost:8080"]',
  );
  writeFileSync(join(project, 'pipelines', 'e2e.yaml'), pointed);
  const end = await runLoop(project, ['--focus', 'all']);
  expect(end.exitCode).toBe(2);
  expect(end.stderr).toMatch(/pipelines\/e2e\.yaml:\d+:\d+.*the suite points at localhost:8080: this machine/);
}, 60_000);

test('an entry whose day is over stops the run before anything, and says where it is', async () => {
  const over = 'quarantine: [{ suite: greeting, test: x, owner: ann, issue: "#7", until: 2020-01-01 }]\n';
  writeFileSync(join(project, 'pipelines', 'e2e.yaml'), pipelineWith('', over));
  const before = readFileSync(join(project, 'tests'), 'utf8');
  const end = await runLoop(project, ['--focus', 'all']);
  expect(end.exitCode).toBe(2);
  expect(end.stderr).toMatch(/pipelines\/e2e\.yaml:\d+:\d+/);
  expect(end.stderr).toContain('2020-01-01');
  expect(readFileSync(join(project, 'tests'), 'utf8')).toBe(before);
}, 60_000);
