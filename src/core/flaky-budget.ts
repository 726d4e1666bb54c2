import { rejudged, unexcusedRed } from './excused-tests.ts';
import { judgePhase } from './judge-phase.ts';
import type { Control, PhaseResult, SuiteResult } from './record.ts';

/** Both must hold: so many tests of a run, and so much of what was selected in the phases so far. */
export interface FlakyBudget {
  readonly tests: number;
  readonly permille: number;
}

/** Where a red test is flaky, first attempts counted; null where it is not, or where a side says nothing. */
export function flakyOn({ first, candidate, reference }: Control): 'both' | 'candidate' | 'reference' | null {
  const runs = { candidate: candidate?.runs ?? '', reference: reference?.runs ?? '' };
  if (runs.candidate === '' || runs.reference === '' || `${runs.candidate}${runs.reference}`.includes('-')) return null;
  const mixed = { candidate: isMixed(`${first}${runs.candidate}`), reference: isMixed(runs.reference) };
  if (mixed.candidate && mixed.reference) return 'both';
  if (mixed.reference) return 'reference';
  return mixed.candidate && !runs.reference.includes('F') ? 'candidate' : null;
}

/** No attempt of this run passed, on neither side. With no pass in the history either it is broken, not flaky. */
export function neverPassed({ first, candidate, reference }: Control): boolean {
  return !`${first}${candidate?.runs ?? ''}${reference?.runs ?? ''}`.includes('P');
}

function isMixed(runs: string): boolean {
  return runs.includes('F') && runs.includes('P');
}

/**
 * Every judged phase again, after the control: a lost gate is met where red tests that are flaky on both revisions are counted as
 * passed, all of them or none. Only a budget that saves a phase is used. Pure and repeatable: what was forgiven before is
 * decided anew, so that the run and its replay come to the same end.
 */
export function forgiveFlaky(
  phases: readonly PhaseResult[],
  control: readonly Control[],
  budget: FlakyBudget,
): PhaseResult[] {
  let used = 0;
  let selected = 0;
  return phases.map((phase) => {
    if (phase.verdict === null) return phase;
    selected += phase.suites.reduce((sum, suite) => sum + suite.counts.selected, 0);
    const strict = judgePhase(phase, phase.suites.map(unforgiven));
    if (strict.verdict !== 'NO-GO') return strict;
    const suites = strict.suites.map((suite) => withForgiven(suite, flakyOnBoth(suite, control)));
    const count = suites.reduce((sum, suite) => sum + suite.forgiven.length, 0);
    if (count === 0 || used + count > budget.tests || (used + count) * 1000 > budget.permille * selected) return strict;
    const kind = judgePhase(phase, suites);
    if (kind.verdict === 'NO-GO') return strict;
    used += count;
    return kind;
  });
}

/** A phase that is saved, but whose later suites were not run when it seemed lost. */
export function isUnfinished(phase: PhaseResult): boolean {
  return phase.verdict === 'INVALID' && phase.suites.some((suite) => suite.forgiven.length > 0) && leftToRun(phase);
}

/** Why a suite was not begun. Such a suite has no result, so it may be begun later. */
export const gateLostBefore = 'not run: the gate was lost before it';

/** How the reason of a suite begins that `onNoGo: stop` stopped for another one's sake: the same holds for it. */
export const stoppedBeside = 'stopped: the gate was lost in suite';

export function mayBeginLater({ invalidBecause }: Pick<SuiteResult, 'invalidBecause'>): boolean {
  return invalidBecause.some((because) => because === gateLostBefore || because.startsWith(stoppedBeside));
}

function leftToRun({ suites }: PhaseResult): boolean {
  const unproven = suites.filter(
    ({ required, verdict }) => required && (verdict === 'INVALID' || verdict === 'BLOCKED'),
  );
  return unproven.every(mayBeginLater);
}

function unforgiven(suite: SuiteResult): SuiteResult {
  return rejudged({ ...suite, forgiven: [] });
}

function withForgiven(suite: SuiteResult, forgiven: readonly string[]): SuiteResult {
  return forgiven.length === 0 ? suite : rejudged({ ...suite, forgiven: [...forgiven] });
}

function flakyOnBoth(suite: SuiteResult, control: readonly Control[]): string[] {
  if (suite.verdict === 'INVALID' || suite.verdict === 'BLOCKED') return [];
  const flaky = control.filter((one) => one.suite === suite.name && flakyOn(one) === 'both').map(({ test }) => test);
  return unexcusedRed(suite).flatMap(({ id }) => (flaky.includes(id) ? [id] : []));
}
