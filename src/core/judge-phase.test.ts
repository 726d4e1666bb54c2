import { describe, expect, test } from 'vitest';
import { judgePhase } from './judge-phase.ts';
import { counts, suite } from './judged-sample.ts';
import type { SuiteResult } from './record.ts';

const byPhase = { judgedBy: 'phase', verdict: 'NO-GO' } as const;
const blind: Partial<SuiteResult> = { verdict: 'INVALID', invalidBecause: ['no report'], counts: counts('0/0') };

const reds = (n: number): SuiteResult['tests'] =>
  Array.from({ length: n }, (_, at) => ({
    ...{ id: `t${at}`, name: `t${at}`, outcome: 'failed', attempts: 'F', message: '', frames: [] },
  }));

type Row = [story: string, gate: number | null, suites: SuiteResult[], verdict: string];

describe('a phase', () => {
  test.each<Row>([
    [
      'safety: 5 of 8 is below 80 %',
      800,
      [suite('events', { ...byPhase, counts: counts('5/8') })],
      'NO-GO: phase p: 5 of 8 passed = 62.5 %, below its gate of 80 %, lost at non-pass 2',
    ],
    [
      'safety: 7 of 8 is above 80 %',
      800,
      [suite('events', { ...byPhase, counts: counts('7/8') })],
      'GO: phase p: 7 of 8 passed = 87.5 %, gate 80 %',
    ],
    [
      '4 of 5 is 80 %',
      800,
      [suite('events', { ...byPhase, counts: counts('4/5') })],
      'GO: phase p: 4 of 5 passed = 80 %, gate 80 %',
    ],
    [
      'its suites are summed: 3 of 4 and 8 of 8',
      900,
      [suite('a', { ...byPhase, counts: counts('3/4') }), suite('b', { ...byPhase, counts: counts('8/8') })],
      'GO: phase p: 11 of 12 passed = 91.6 %, gate 90 %',
    ],
    [
      '51 of 61 executed are 51 of 215 selected',
      800,
      [suite('a', { ...byPhase, counts: counts('51/215 3e 154n') })],
      'NO-GO: phase p: 51 of 215 passed = 23.7 %, below its gate of 80 %, lost at non-pass 44',
    ],
    [
      'without a gate its suites judge',
      null,
      [suite('auth'), suite('chat', { verdict: 'NO-GO', thresholdPermille: 950, counts: counts('18/20') })],
      'NO-GO: suite chat: 18 of 20 passed = 90 %, below its gate of 95 %',
    ],
    [
      'a gate that is met does not save a suite with its own',
      500,
      [suite('a', { verdict: 'NO-GO', counts: counts('7/8') })],
      'NO-GO: suite a: 7 of 8 passed = 87.5 %, below its gate of 100 %',
    ],
    [
      'what a suite showed before it was stopped can lose the gate',
      800,
      [
        suite('a', { ...byPhase, partial: true, tests: reds(3), counts: counts('4/10 3n') }),
        suite('b', { ...byPhase, counts: counts('2/2') }),
      ],
      'NO-GO: phase p: 6 of 12 passed = 50 %, below its gate of 80 %, lost at non-pass 3',
    ],
    [
      'but only by its red tests: what it did not reach might have passed',
      800,
      [
        suite('a', { ...byPhase, partial: true, tests: reds(11), counts: counts('0/50 39n') }),
        suite('b', { ...byPhase, counts: counts('50/50') }),
      ],
      'INVALID: suite a: it did not come to its end',
    ],
    [
      'but not meet it',
      500,
      [
        suite('a', { ...byPhase, partial: true, tests: reds(3), counts: counts('4/10 3n') }),
        suite('b', { ...byPhase, counts: counts('9/9') }),
      ],
      'INVALID: suite a: it did not come to its end',
    ],
    [
      'an INVALID suite leaves the gate unproven',
      800,
      [suite('a', { judgedBy: 'phase' }), suite('b', blind)],
      'INVALID: suite b: no report',
    ],
    [
      'an INVALID suite that may be missing does not',
      800,
      [suite('a', { judgedBy: 'phase' }), suite('b', { ...blind, required: false })],
      'GO: phase p: 3 of 3 passed = 100 %, gate 80 %',
    ],
    [
      'a gate lost in one suite is lost, whatever the other',
      800,
      [suite('a', { ...byPhase, counts: counts('1/8') }), suite('b', blind)],
      'NO-GO: phase p: 1 of 8 passed = 12.5 %, below its gate of 80 %, lost at non-pass 2',
    ],
    [
      'INVALID reds lose no gate',
      800,
      [suite('a', { ...blind, counts: counts('1/8') })],
      'INVALID: suite a: no report',
    ],
    [
      'a suite whose service is down is BLOCKED',
      null,
      [suite('a'), suite('b', { verdict: 'BLOCKED', counts: counts('0/3 3n') })],
      'BLOCKED: suite b: its service is not up',
    ],
    [
      'INVALID is said before BLOCKED',
      null,
      [suite('a', { verdict: 'BLOCKED' }), suite('b', blind)],
      'INVALID: suite b: no report',
    ],
  ])('%s', (_story, thresholdPermille, suites, verdict) => {
    const judged = judgePhase({ name: 'p', thresholdPermille }, suites);
    const lost = judged.lostAt === null ? '' : `, lost at non-pass ${judged.lostAt}`;
    expect(`${judged.verdict}: ${judged.reason}${lost}`).toBe(verdict);
  });

  const condition = (state: 'met' | 'not-met' | 'unproven') => ({ text: `fast: ${state}`, state, n: 30, evidence: [] });
  test.each<[string, Row[1], SuiteResult[], ReturnType<typeof condition>[], string]>([
    ['all met', 800, [suite('a', byPhase)], [condition('met')], 'GO: phase p: 3 of 3 passed = 100 %, gate 80 %'],
    [
      'one not met',
      800,
      [suite('a')],
      [condition('met'), condition('unproven'), condition('not-met')],
      'NO-GO: phase p: condition not met: fast: not-met',
    ],
    [
      'one unproven',
      null,
      [suite('a', byPhase)],
      [condition('unproven')],
      'INVALID: phase p: condition unproven: fast: unproven',
    ],
    [
      'the rate is said first',
      800,
      [suite('a', { ...byPhase, counts: counts('5/8') })],
      [condition('not-met')],
      'NO-GO: phase p: 5 of 8 passed = 62.5 %, below its gate of 80 %',
    ],
    [
      'a suite whose service is down is BLOCKED, and its health says no more',
      null,
      [suite('b', { verdict: 'BLOCKED', counts: counts('0/3 3n') })],
      [condition('not-met')],
      'BLOCKED: suite b: its service is not up',
    ],
  ])('conditions beside the rate: %s', (_story, thresholdPermille, suites, conditions, verdict) => {
    const judged = judgePhase({ name: 'p', thresholdPermille, conditions }, suites);
    expect(`${judged.verdict}: ${judged.reason}`).toBe(verdict);
    expect(judged.conditions).toEqual(conditions);
  });

  test.each<[string, SuiteResult[], string]>([
    [
      'a suite that may be missing is not summed',
      [suite('a', byPhase), suite('b', { required: false, verdict: 'NO-GO', counts: counts('0/9') })],
      'GO: phase p: 3 of 3 passed = 100 %, gate 80 %',
    ],
    [
      'unless it says gate: phase',
      [suite('a', byPhase), suite('b', { ...byPhase, required: false, counts: counts('0/9') })],
      'NO-GO: phase p: 3 of 12 passed = 25 %, below its gate of 80 %',
    ],
  ])('%s', (_story, suites, verdict) => {
    const judged = judgePhase({ name: 'p', thresholdPermille: 800 }, suites);
    expect(`${judged.verdict}: ${judged.reason}`).toBe(verdict);
  });

  test('gives its verdict to the suites that it judges, and to no others', () => {
    const suites = [
      suite('a', { judgedBy: 'phase', counts: counts('1/8') }),
      suite('b'),
      suite('c', { ...blind, judgedBy: 'phase' }),
    ];
    const judged = judgePhase({ name: 'p', thresholdPermille: 800 }, suites);
    expect(judged.suites.map((one) => one.verdict)).toEqual(['NO-GO', 'GO', 'INVALID']);
  });
});
