import { describe, expect, test } from 'vitest';
import { flakyOn, forgiveFlaky, gateLostBefore, isUnfinished, neverPassed } from './flaky-budget.ts';
import { judgePhase } from './judge-phase.ts';
import { judgeRun } from './judge-run.ts';
import { counts, suite } from './judged-sample.ts';
import type { Control, PhaseResult, RedTest, SuiteResult } from './record.ts';

const red = (id: string): RedTest => ({ id, name: id, outcome: 'failed', attempts: 'F', message: '', frames: [] });

function control(test: string, vectors: string, first = 'F', of = 'a'): Control {
  const [candidate = '', reference = ''] = vectors.split('/');
  const sides = { candidate: { revision: 'a-2', runs: candidate }, reference: { revision: 'a-1', runs: reference } };
  return { suite: of, test, first, ...sides, means: 'flaky', note: null, evidence: [] };
}

// [first, candidate/reference, where it is flaky]
test.each([
  ['F', 'FPF/PFP', 'both'],
  ['F', 'PPP/PFP', 'both'],
  ['F', 'FFF/PFP', 'reference'],
  ['F', 'FPF/PPP', 'candidate'],
  ['F', 'PPP/PPP', 'candidate'],
  ['F', 'FFF/PPP', null],
  ['F', 'FFF/FFF', null],
  ['F', 'FPF/FFF', null],
  ['F', 'FP-/PFP', null],
  ['F', '/', null],
] as const)('first %s, then %s: flaky on %s', (first, vectors, where) => {
  expect(flakyOn(control('t', vectors, first))).toBe(where);
});

test('never passed is broken: one pass anywhere is enough to be not', () => {
  expect(neverPassed(control('t', 'FFF/FFF'))).toBe(true);
  expect(neverPassed(control('t', 'FFF/FFP'))).toBe(false);
  expect(neverPassed(control('t', 'FFF/FFF', 'FP'))).toBe(false);
});

function lost(passed: string, tests: string[], given: Partial<SuiteResult> = {}): SuiteResult {
  return suite('a', { verdict: 'NO-GO', counts: counts(passed), tests: tests.map(red), ...given });
}

const judged = (name: string, ...suites: SuiteResult[]): PhaseResult =>
  judgePhase({ name, thresholdPermille: null }, suites);
const budget = { tests: 2, permille: 10 };
const both = (...tests: string[]) => tests.map((one) => control(one, 'FPF/PFP'));
const told = (phases: readonly PhaseResult[]) =>
  phases.map(({ verdict, suites }) => `${verdict} ${suites.flatMap((one) => one.forgiven).join(',')}`.trim());

describe('the budget for flaky tests', () => {
  test.each<[string, PhaseResult[], Control[], string[]]>([
    ['saves a gate', [judged('p', lost('199/200', ['x']))], both('x'), ['GO x']],
    ['saves two of 200', [judged('p', lost('198/200', ['x', 'y']))], both('x', 'y'), ['GO x,y']],
    ['not three tests', [judged('p', lost('997/1000', ['x', 'y', 'z']))], both('x', 'y', 'z'), ['NO-GO']],
    ['not one of 99: more than 10 permille', [judged('p', lost('98/99', ['x']))], both('x'), ['NO-GO']],
    ['one of 100 is 10 permille', [judged('p', lost('99/100', ['x']))], both('x'), ['GO x']],
    [
      'not what is flaky on the candidate alone',
      [judged('p', lost('199/200', ['x']))],
      [control('x', 'FPPPPPPPPP/PPPPPPPPPP')],
      ['NO-GO'],
    ],
    ['not what never passed', [judged('p', lost('199/200', ['x']))], [control('x', 'FFF/FFF')], ['NO-GO']],
    ['not what has no control', [judged('p', lost('199/200', ['x']))], [], ['NO-GO']],
    ['not where another test keeps the gate lost', [judged('p', lost('198/200', ['x', 'y']))], both('x'), ['NO-GO']],
    [
      'is not used where the gate is met anyway',
      [judged('p', lost('199/200', ['x'], { verdict: 'GO', thresholdPermille: 950 }))],
      both('x'),
      ['GO'],
    ],
    [
      'not what cannot be believed',
      [judged('p', lost('199/200', ['x'], { verdict: 'INVALID' }))],
      both('x'),
      ['INVALID'],
    ],
    [
      'is one for the whole run',
      [judged('p', lost('198/200', ['x', 'y'])), judged('q', lost('199/200', ['z'], { name: 'b' }))],
      [...both('x', 'y'), control('z', 'FPF/PFP', 'F', 'b')],
      ['GO x,y', 'NO-GO'],
    ],
  ])('%s', (_story, phases, controls, expected) => {
    const forgiven = forgiveFlaky(phases, controls, budget);
    expect(told(forgiven)).toEqual(expected);
    // Decided again from its own result, as the next control and the replay do, it says the same.
    expect(forgiveFlaky(forgiven, controls, budget)).toEqual(forgiven);
  });

  test('saves the gate of a phase too, and what was counted stays as it was', () => {
    const of = lost('99/100', ['x'], { judgedBy: 'phase' });
    const [phase] = forgiveFlaky([judgePhase({ name: 'p', thresholdPermille: 1000 }, [of])], both('x'), budget);
    expect(phase).toMatchObject({ verdict: 'GO', lostAt: null, suites: [{ verdict: 'GO', counts: counts('99/100') }] });
    expect(phase?.reason).toBe('phase p: 99 of 100 passed = 99 %, gate 100 %; 1 flaky test counted as passed');
  });

  test('is named where the verdict is thin', () => {
    const phases = forgiveFlaky([judged('p', lost('199/200', ['x']))], both('x'), budget);
    const rest = { selection: null, deployments: [], health: [], foreignChanges: [], problems: [] };
    const verdict = judgeRun({ ...rest, phases, run: { limitsHit: [], head: null } });
    expect(verdict).toMatchObject({
      value: 'GO',
      passRatePermille: 995,
      thinBecause: ['a: x is flaky on both revisions, counted as passed by budget'],
    });
  });

  test('leaves a phase unfinished where suites were not begun because it seemed lost', () => {
    const late = suite('late', { verdict: 'INVALID', counts: counts('0/1 1n'), invalidBecause: [gateLostBefore] });
    const [phase] = forgiveFlaky([judged('p', lost('199/200', ['x']), late)], both('x'), budget);
    expect([phase?.verdict, phase && isUnfinished(phase)]).toEqual(['INVALID', true]);
    const broken = { ...late, invalidBecause: ['no report'] };
    const [other] = forgiveFlaky([judged('p', lost('199/200', ['x']), broken)], both('x'), budget);
    expect(other && isUnfinished(other)).toBe(false);
  });
});
