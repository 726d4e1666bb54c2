import { describe, expect, test } from 'vitest';
import { judgeRun, unstorable } from './judge-run.ts';
import { candidate, counts, health, phase, suite } from './judged-sample.ts';
import type { BootFailure, Deployment, Problem, RunRecord } from './record.ts';

type Judged = Parameters<typeof judgeRun>[0];
const nothing: Judged = {
  selection: null,
  deployments: [],
  health: [],
  phases: [],
  foreignChanges: [],
  problems: [],
  run: { limitsHit: [], head: 'a'.repeat(40) },
};

const go = phase('critical', 'GO');
const noGo = phase('safety', 'NO-GO', [suite('events', { verdict: 'NO-GO', counts: counts('5/8') })]);
const invalid = phase('rest', 'INVALID', [suite('chat', { verdict: 'INVALID' })]);
const selected = (...phases: string[]): RunRecord['selection'] => ({
  focus: [],
  partial: false,
  suites: phases.map((name) => ({
    name,
    phase: name,
    selected: name !== 'left-out',
    because: '',
    tests: null,
    order: null,
  })),
  impact: null,
  sha256: '',
  evidence: [],
});
const exited = { code: 'not-started', message: 'exit(3) at boot' };
const boot: BootFailure = {
  class: 'missing-module',
  what: "missing module 'x'",
  exitCode: 1,
  boots: 1,
  lastEntries: [],
  evidence: [],
};
const unchanged = { code: 'no-change', message: 'it said success, but nothing is new' };
const denied = { code: 'permission', message: 'grant run.developer' };
const foreign = (service: string, at: string): RunRecord['foreignChanges'][number] => ({
  by: null,
  voids: true,
  service,
  what: 'a new revision',
  at: `2026-11-20T${at}Z`,
  evidence: [],
});
const problem = (code: string, blocks: boolean): Problem => ({
  stage: 'testing',
  code,
  message: code,
  hint: null,
  blocks,
});

type Row = [story: string, record: Partial<Judged>, verdict: string];

describe('the verdict of a run', () => {
  test.each<Row>([
    ['nothing was judged yet', {}, 'none'],
    [
      'a promotion that was not proven',
      { phases: [go], problems: [problem('unproven-traffic', false)] },
      'INVALID: unproven-traffic',
    ],
    [
      'a candidate that was found bad before',
      { phases: [go], problems: [problem('found-bad', false)] },
      'NO-GO: found-bad',
    ],
    ['a refused promotion', { phases: [go], problems: [problem('permission', true)] }, 'BLOCKED: permission'],
    [
      'a candidate that was not deployed, since it was found bad before',
      { deployments: [candidate('backend', { code: 'found-bad', message: 'backend-2 was found bad before' })] },
      'NO-GO: no candidate of backend was deployed: backend-2 was found bad before',
    ],
    ['every gate met', { phases: [go, phase('rest', 'GO')] }, 'GO: every gate was met: 6 of 6 passed in 2 phases'],
    [
      'a gate that no test passed is no GO',
      { phases: [phase('rest', 'GO', [suite('a', { counts: counts('0/8') })])] },
      'INVALID: nothing is proven: no test of a suite whose evidence holds passed',
    ],
    [
      'what a suite without evidence says is no pass, also where it may be missing',
      { phases: [phase('rest', 'GO', [suite('a', { required: false, verdict: 'INVALID' })])] },
      'INVALID: nothing is proven: no test of a suite whose evidence holds passed',
    ],
    [
      'nor is it counted beside a suite that is proven',
      { phases: [phase('rest', 'GO', [suite('a'), suite('b', { required: false, verdict: 'INVALID' })])] },
      'GO: every gate was met: 3 of 3 passed in 1 phase',
    ],
    [
      'a phase that was selected is not judged yet, or never will be',
      { phases: [go], selection: selected('critical', 'rest') },
      'none',
    ],
    [
      'all that was selected is judged',
      { phases: [go], selection: selected('critical', 'left-out') },
      'GO: every gate was met: 3 of 3 passed in 1 phase',
    ],
    [
      'a candidate that did not come up, with what its log told',
      { deployments: [candidate('backend', { ...exited, boot })], health: [health('backend', 'stable', true)] },
      "NO-GO: the candidate of backend did not come up: missing module 'x' (exit code 1, 1 boot)",
    ],
    [
      'a deployment that changed nothing',
      { deployments: [candidate('backend', unchanged)], health: [health('backend', 'stable', true)] },
      'INVALID: backend: it said success, but nothing is new',
    ],
    [
      'one changed nothing, another did not come up',
      { deployments: [candidate('backend', unchanged), candidate('auth', exited)] },
      'NO-GO: the candidate of auth did not come up: exit(3) at boot',
    ],
    [
      'one changed nothing, another was refused',
      { deployments: [candidate('backend', unchanged), candidate('auth', denied)] },
      'INVALID: backend: it said success, but nothing is new',
    ],
    [
      'one changed nothing, and stable is down',
      { deployments: [candidate('backend', unchanged)], health: [health('backend', 'stable', false)] },
      'BLOCKED: backend is down: answers 503',
    ],
    ['one gate lost', { phases: [go, noGo] }, 'NO-GO: phase safety'],
    ['one phase unproven', { phases: [go, invalid] }, 'INVALID: phase rest'],
    ['NO-GO over INVALID', { phases: [invalid, noGo] }, 'NO-GO: phase safety'],
    ['BLOCKED over NO-GO', { phases: [noGo], problems: [problem('platform', true)] }, 'BLOCKED: platform'],
    [
      'INVALID over GO: the time was up',
      { phases: [go], run: { limitsHit: ['minutes (in testing)'], head: null } },
      'INVALID: not everything was run: minutes (in testing)',
    ],
    [
      'NO-GO stays when the time is up later',
      { phases: [noGo], run: { limitsHit: ['minutes (in fixing)'], head: null } },
      'NO-GO: phase safety',
    ],
    [
      'the time was up before the first test',
      { run: { limitsHit: ['minutes (in deploying)'], head: null } },
      'INVALID: not everything was run: minutes (in deploying)',
    ],
    [
      'a trouble that does not block',
      { phases: [go], problems: [problem('forge', false)] },
      'GO: every gate was met: 3 of 3 passed in 1 phase',
    ],
    [
      'evidence that could not be stored',
      { phases: [go], problems: [problem(unstorable, false)] },
      'INVALID: unstorable',
    ],
    [
      'evidence that could not be stored after a NO-GO',
      { phases: [noGo], problems: [problem(unstorable, false)] },
      'NO-GO: phase safety',
    ],
  ])('%s', (_story, record, verdict) => expect(said(record)).toBe(verdict));
});

describe('deployments and health', () => {
  test.each<Row>([
    [
      'the platform refused all',
      { deployments: [candidate('auth', denied), candidate('backend', denied)] },
      'BLOCKED: the platform refused every deployment: grant run.developer',
    ],
    [
      'our own time limit is no refusal',
      { deployments: [candidate('auth', { code: 'timeout', message: 'not done after 900 s' })] },
      'BLOCKED: no deployment could be made: not done after 900 s',
    ],
    [
      'one refused, one failed by itself',
      { deployments: [candidate('auth', denied), candidate('backend', exited)] },
      'NO-GO: the candidate of backend did not come up: exit(3) at boot',
    ],
    [
      'a candidate that does not start beside one that is up',
      { deployments: [candidate('auth', exited), candidate('backend')], phases: [go] },
      'NO-GO: the candidate of auth did not come up: exit(3) at boot',
    ],
    [
      'none starts, the reference is healthy',
      { deployments: [candidate('auth', exited)], health: [health('auth', 'stable', true)] },
      'NO-GO: the candidate of auth did not come up: exit(3) at boot',
    ],
    [
      'none starts, the reference is down',
      { deployments: [candidate('auth', exited)], health: [health('auth', 'stable', false)] },
      'BLOCKED: auth is down: answers 503',
    ],
    [
      'a candidate is down, the reference is healthy',
      { health: [health('auth', 'stable', true), health('auth', 'candidate', false)] },
      'NO-GO: the candidate of auth is not healthy while stable is: answers 503',
    ],
    [
      'both sides are down',
      { health: [health('auth', 'stable', false), health('auth', 'candidate', false)], phases: [noGo] },
      'BLOCKED: auth is down: answers 503',
    ],
    ['a dependency is down', { health: [health('auth', 'stable', false)] }, 'BLOCKED: auth is down: answers 503'],
    [
      'stable is down, the suites use a healthy candidate',
      { health: [health('auth', 'stable', false), health('auth', 'candidate', true)], phases: [go] },
      'GO: every gate was met: 3 of 3 passed in 1 phase',
    ],
  ])('%s', (_story, record, verdict) => expect(said(record)).toBe(verdict));
});

describe('someone else changes a service', () => {
  const once = [foreign('auth', '19:00:00'), foreign('backend', '19:00:00')];
  test.each<Row>([
    [
      'once, seen on two services: tested again',
      { foreignChanges: once, phases: [go] },
      'GO: every gate was met: 3 of 3 passed in 1 phase',
    ],
    [
      'again: void',
      { foreignChanges: [...once, foreign('auth', '19:05:00')], phases: [go] },
      'INVALID: someone else changed auth again during the run: a new revision',
    ],
    [
      'again, but a service that no suite needs: nothing is void',
      { foreignChanges: [{ ...foreign('frontend', '19:02:00'), voids: false }, ...once], phases: [go] },
      'GO: every gate was met: 3 of 3 passed in 1 phase',
    ],
    [
      'again: red results are void too',
      { foreignChanges: [...once, foreign('auth', '19:05:00')], phases: [noGo] },
      'INVALID: someone else changed auth again during the run: a new revision',
    ],
  ])('%s', (_story, record, verdict) => expect(said(record)).toBe(verdict));
});

describe('the numbers of a verdict', () => {
  test('of a NO-GO are those of the phase that decided', () => {
    const verdict = judgeRun({ ...nothing, phases: [go, noGo] });
    expect(verdict).toMatchObject({
      passRatePermille: 625,
      of: { phase: 'safety', suite: 'events' },
      counts: counts('5/8'),
    });
  });

  test('of a GO are those of all phases, and what makes it thin is named', () => {
    const shaky = phase('rest', 'GO', [suite('chat', { warnings: ['1 test passed at its second attempt'] })]);
    const verdict = judgeRun({ ...nothing, phases: [go, shaky] });
    expect(verdict).toMatchObject({
      passRatePermille: 1000,
      counts: { passed: 6 },
      thinBecause: ['chat: 1 test passed at its second attempt'],
    });
  });
});

function said(record: Partial<Judged>): string {
  const verdict = judgeRun({ ...nothing, ...record });
  return verdict ? `${verdict.value}: ${verdict.reason}` : 'none';
}

const head = 'a'.repeat(40);
const drift = [{ setting: 'memory', from: '1Gi', to: '512Mi' }];
test.each<[string, Partial<Deployment>, string[]]>([
  ['HEAD', { commit: head, commitsBehind: 0 }, []],
  ['behind', { commit: 'b'.repeat(40), commitsBehind: 2 }, ['2 commits behind HEAD aaaaaaaaaaaa']],
  ['ahead, or not to be counted', { commit: 'b'.repeat(40) }, ['which is not HEAD aaaaaaaaaaaa']],
  ['unknown', { commit: null }, ['whose commit is unknown']],
  ['other settings', { commit: head, drift }, ['which is HEAD with other settings than the config wants: memory']],
])('results are stamped with what they are about: %s', (_story, facts, stamps) => {
  const one = { ...candidate('auth'), role: 'stable' as const, ...facts };
  const stamped = stamps.map((stamp) => `auth: results are about revision auth-2, ${stamp}`);
  expect(judgeRun({ ...nothing, phases: [go], deployments: [one] })?.thinBecause).toEqual(stamped);
  const replaced = judgeRun({ ...nothing, phases: [go], deployments: [one, candidate('auth')] });
  expect(replaced?.thinBecause).toEqual([]);
});

test('a candidate that a command made is HEAD only where its revision says so', () => {
  const made = { ...candidate('auth'), how: 'command' as const };
  const says = (commit: string | null) =>
    judgeRun({ ...nothing, phases: [go], deployments: [{ ...made, commit }] })?.thinBecause;
  expect(says(null)).toEqual(['auth: results are about revision auth-2, whose commit is unknown']);
  expect(says('b'.repeat(40))?.join()).toMatch(/^auth: results are about revision auth-2, which is not HEAD/);
  expect(says(nothing.run.head)).toEqual([]);
});

test('time that ran out before the control is INVALID, whatever was red', () => {
  const record = { ...nothing, phases: [noGo], run: { limitsHit: ['minutes (in controlling)'], head: null } };
  expect(judgeRun(record)?.value).toBe('INVALID');
});
