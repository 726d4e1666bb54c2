import { expect, test } from 'vitest';
import { candidate } from '../../core/judged-sample.ts';
import { noCounts, type Published, type RunRecord } from '../../core/record.ts';
import { sampleRun } from '../../testing/store-sample.ts';
import { nextSteps } from './next-steps.ts';

const published = (kind: 'issue' | 'pull', cycle: number): Published => ({
  kind,
  action: 'created',
  number: kind === 'issue' ? 1 : 2,
  url: '',
  key: kind === 'issue' ? 'cause/ab12' : 'cause/ab12/1',
  title: '',
  because: 'proven',
  cycle,
});
const verdict = (value: 'GO' | 'NO-GO' | 'INVALID' | 'BLOCKED'): RunRecord['verdict'] => ({
  value,
  thinBecause: [],
  reason: '',
  counts: noCounts,
  passRatePermille: null,
  of: null,
});
const noGo = { verdict: verdict('NO-GO'), published: [published('issue', 1), published('pull', 1)] };
const partlyGo = { verdict: verdict('GO'), deployments: [candidate('backend')] };
const served = {
  ...candidate('backend'),
  traffic: [{ revision: 'backend-2', percent: 100, tag: null, latest: false }],
};
const moved = (to: string) => ({ at: '', service: 'backend', from: '', to, why: '', verified: true, evidence: [] });
const problem = {
  stage: 'preparing',
  code: 'not-found',
  message: 'no commits',
  hint: 'push a first commit',
  blocks: true,
};
const act = { level: 'act', allSelected: true, cycle: 1 } as const;

// [story, what is in the record, what the run may and is, what is next]
test.each([
  [
    'a proven fix',
    noGo,
    act,
    [
      'review and merge pull request #2',
      'the next run of everything judges the merged fix, moves traffic and closes the issue',
    ],
  ],
  [
    'at a level that moves no traffic',
    noGo,
    { ...act, level: 'propose' },
    ['review and merge pull request #2', 'the next run of everything judges the merged fix and closes the issue'],
  ],
  ['an issue alone', { ...noGo, published: [published('issue', 1)] }, act, ['look at issue #1']],
  [
    'a candidate that took traffic is red, and nothing went back',
    { verdict: verdict('NO-GO'), deployments: [served], trafficMoves: [moved('backend-2')] },
    act,
    ['decide whether backend goes on serving backend-2'],
  ],
  [
    'its traffic went back',
    { verdict: verdict('NO-GO'), deployments: [served], trafficMoves: [moved('backend-2'), moved('backend-1')] },
    act,
    [],
  ],
  ['evidence that does not hold', { verdict: verdict('INVALID') }, act, ['mend the evidence, then run again']],
  [
    'the time was up',
    { verdict: verdict('INVALID'), run: { ...sampleRun('run-a').record.run, limitsHit: ['minutes (in testing)'] } },
    act,
    ['run again with more time'],
  ],
  [
    'a problem with a hint, met in two cycles',
    { verdict: verdict('BLOCKED'), problems: [problem, problem] },
    act,
    ['push a first commit'],
  ],
  ['the cycle after the merge', { ...noGo, verdict: verdict('GO') }, { ...act, cycle: 2 }, []],
  ['a partial GO', partlyGo, { ...act, allSelected: false }, ['run with --focus all to move traffic']],
  ['a partial GO that could never move any', partlyGo, { ...act, level: 'propose', allSelected: false }, []],
] as const)('%s', (_story, record, now, steps) => {
  const whole = { ...sampleRun('run-a').record, ...(record as Partial<RunRecord>) };
  expect(nextSteps(whole, now).map((step) => step.what)).toEqual(steps);
});
