import { expect, test } from 'vitest';
import { type Excuse, gateCounts, unexcusedRed, withExcuses } from './excused-tests.ts';
import { judgePhase } from './judge-phase.ts';
import { counts, suite } from './judged-sample.ts';
import type { RedTest } from './record.ts';

const red = (id: string): RedTest => ({ id, name: id, outcome: 'failed', attempts: 'F', message: '', frames: [] });
const excuse = (as: Excuse['as'], test: string): Excuse => ({
  as,
  test,
  owner: 'ann',
  issue: '#7',
  until: '2026-12-31',
});
const quarantined = excuse('quarantine', 'x');
const known = excuse('known', 'x');
const failed = suite('a', { verdict: 'NO-GO', counts: counts('7/8'), tests: [red('x')] });
const passed = suite('a', { counts: counts('8/8') });

// [story, suite, passed tests, excuse, verdict, passed/selected for the gate, warnings]
test.each([
  ['a quarantined failure does not gate', failed, [], quarantined, 'GO', '7/7', []],
  ['a quarantined pass does not either', passed, ['x'], quarantined, 'GO', '7/7', []],
  ['a known failure does not gate', failed, [], known, 'GO', '7/7', []],
  [
    'a known failure that passes counts, and is said',
    passed,
    ['x'],
    known,
    'GO',
    '8/8',
    ['known failure "x" passed: close #7 (ann)'],
  ],
  [
    'a failure that does not gate loses nothing in a suite that was stopped',
    suite('a', { verdict: 'NO-GO', counts: counts('5/8 2n'), tests: [red('x')], partial: true }),
    [],
    quarantined,
    'INVALID',
    '5/7',
    [],
  ],
  [
    'an unknown test is said',
    failed,
    [],
    excuse('known', 'y'),
    'NO-GO',
    '7/8',
    ['known names "y", which did not run here (#7, ann)'],
  ],
])('%s', (_story, of, passing, entry, verdict, gate, warnings) => {
  const judged = withExcuses(of, passing, [entry]);
  const { passed, selected } = gateCounts(judged);
  expect([judged.verdict, `${passed}/${selected}`, judged.warnings]).toEqual([verdict, gate, warnings]);
  expect(judged.counts).toEqual(of.counts);
});

test('what is excused needs no control and no cause, and is told in the reason', () => {
  const judged = withExcuses(failed, [], [quarantined]);
  expect(unexcusedRed(judged)).toEqual([]);
  expect(unexcusedRed(failed)).toHaveLength(1);
  expect(judgePhase({ name: 'p', thresholdPermille: 1000 }, [judged])).toMatchObject({
    verdict: 'GO',
    reason: 'phase p: 7 of 8 passed = 87.5 %, gate 100 %; 1 excused test not gating',
  });
});

test('a suite of nothing but excused tests proves nothing', () => {
  const judged = withExcuses(suite('a', { counts: counts('1/1') }), ['x'], [quarantined]);
  expect(judged).toMatchObject({
    verdict: 'INVALID',
    invalidBecause: [expect.stringContaining('every test is excused')],
  });
});

test('no excuse makes evidence that does not hold any better', () => {
  const judged = withExcuses({ ...failed, verdict: 'INVALID', invalidBecause: ['no report'] }, [], [quarantined]);
  expect(judged).toMatchObject({ verdict: 'INVALID', invalidBecause: ['no report'], excused: [{ outcome: 'red' }] });
});
