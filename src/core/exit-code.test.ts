import { describe, expect, test } from 'vitest';
import { exitCodeOf } from './exit-code.ts';
import { RunState } from './record.ts';
import { Verdict } from './words.ts';

const finished = { state: 'finished', verdict: null, broken: false, misused: false, planned: false } as const;

describe('the exit code of a run', () => {
  test.each([
    ['GO', { verdict: 'GO' }, 0],
    ['NO-GO', { verdict: 'NO-GO' }, 1],
    ['INVALID', { verdict: 'INVALID' }, 4],
    ['BLOCKED', { verdict: 'BLOCKED' }, 5],
    ['a plan', { planned: true }, 0],
    ['a ref that is not there, even in a dry run', { misused: true, planned: true }, 2],
    ['no verdict at all is not a GO', {}, 4],
    ['parked, whatever it found', { state: 'parked', verdict: 'NO-GO' }, 3],
    ['interrupted', { state: 'interrupted' }, 130],
    ['cancelled', { state: 'cancelled', verdict: 'GO' }, 130],
    ['a bug of ours, even after a GO', { broken: true, verdict: 'GO' }, 70],
    ['a bug of ours in a dry run', { broken: true, planned: true }, 70],
  ] as const)('%s', (_story, run, code) => {
    expect(exitCodeOf({ ...finished, ...run })).toBe(code);
  });

  test('is 0 for a GO or a plan only', () => {
    const zero = RunState.options.flatMap((state) =>
      [...Verdict.options, null].flatMap((verdict) =>
        [true, false]
          .filter((broken) => exitCodeOf({ state, verdict, broken, misused: false, planned: false }) === 0)
          .map(() => `${state} ${verdict}`),
      ),
    );
    expect(zero).toEqual(['running GO', 'finished GO']);
  });
});
