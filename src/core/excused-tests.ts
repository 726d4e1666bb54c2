import { meetsGate, redLosesGate } from './pass-rate.ts';
import type { ExcusedTest, SuiteResult } from './record.ts';

/** What the pipeline says about one test, under `quarantine:` or `known:`. */
export type Excuse = Omit<ExcusedTest, 'outcome'>;

/** What a gate is held against: the counts without what does not gate, and with what the budget forgives. */
export function gateCounts(suite: Pick<SuiteResult, 'counts' | 'excused' | 'forgiven'>): {
  passed: number;
  selected: number;
} {
  const { counts, excused, forgiven } = suite;
  const apart = excused.filter(doesNotGate);
  const passedApart = apart.filter(({ outcome }) => outcome === 'passed').length;
  return { selected: counts.selected - apart.length, passed: counts.passed - passedApart + forgiven.length };
}

/** The same at its best: of a suite that was stopped only its red tests are lost, all others might have passed. */
export function gateCountsAtBest(
  suite: Parameters<typeof gateCounts>[0] & { readonly partial?: boolean; readonly tests: readonly { id: string }[] },
): { passed: number; selected: number } {
  const counted = gateCounts(suite);
  if (!suite.partial) return counted;
  const { selected } = counted;
  const red = suite.tests.filter(({ id }) => !isExcused(suite, id) && !suite.forgiven.includes(id)).length;
  return { selected, passed: selected - Math.min(selected, red) };
}

/** A quarantined test never gates; a known failure gates again as soon as it passes. */
function doesNotGate({ as, outcome }: ExcusedTest): boolean {
  return outcome !== 'absent' && (as === 'quarantine' || outcome === 'red');
}

function isExcused(suite: Pick<SuiteResult, 'excused'>, test: string): boolean {
  return suite.excused.some((one) => one.test === test && doesNotGate(one));
}

/** Red tests that still need an explanation. */
export function unexcusedRed(suite: Pick<SuiteResult, 'excused' | 'tests'>): SuiteResult['tests'] {
  return suite.tests.filter((test) => !isExcused(suite, test.id));
}

/** The suite with its excuses in the open, judged without what does not gate. What is INVALID or BLOCKED stays so. */
export function withExcuses(suite: SuiteResult, passed: readonly string[], excuses: readonly Excuse[]): SuiteResult {
  if (excuses.length === 0 || suite.verdict === 'BLOCKED') return suite;
  const excused = excusedIn({ red: suite.tests, passed }, excuses);
  const warnings = [...suite.warnings, ...excused.flatMap(warningOf)];
  const told = { ...suite, excused, warnings };
  if (suite.verdict === 'INVALID') return told;
  if (gateCounts(told).selected === 0 && suite.counts.selected > 0) {
    return { ...told, verdict: 'INVALID', invalidBecause: ['nothing is left to judge: every test is excused'] };
  }
  return rejudged(told);
}

/** A suite that was stopped is judged by its red tests alone; those that are excused or forgiven lose nothing. */
function losesAnyway(suite: SuiteResult): boolean {
  const apart = suite.excused.filter(doesNotGate).length;
  const collected = suite.collected === null ? null : suite.collected.count - apart;
  const red = unexcusedRed(suite).filter(({ id }) => !suite.forgiven.includes(id));
  return redLosesGate(red.length, collected, suite.thresholdPermille);
}

/** A suite that was stopped, and whose gate nothing has lost: how it would have ended is not known. */
export function unproven(suite: SuiteResult): SuiteResult {
  const because = suite.rules.find(({ name }) => name === 'ended')?.because ?? 'it did not come to its end';
  const warnings = suite.warnings.filter((warning) => warning !== because);
  return { ...suite, verdict: 'INVALID', invalidBecause: [because], warnings };
}

/** The suite's own gate again, after what it is held against changed. */
export function rejudged(suite: SuiteResult): SuiteResult {
  if (suite.verdict !== 'GO' && suite.verdict !== 'NO-GO') return suite;
  if (suite.partial) return losesAnyway(suite) ? { ...suite, verdict: 'NO-GO' } : unproven(suite);
  const { passed, selected } = gateCounts(suite);
  return { ...suite, verdict: meetsGate(passed, selected, suite.thresholdPermille) ? 'GO' : 'NO-GO' };
}

/** How each excused test ended. A skipped one is as good as absent: it neither passed nor failed. */
export function excusedIn(
  ended: { readonly red: readonly { readonly id: string }[]; readonly passed: readonly string[] },
  excuses: readonly Excuse[],
): ExcusedTest[] {
  const red = new Set(ended.red.map(({ id }) => id));
  const passed = new Set(ended.passed);
  const outcome = (test: string) => (red.has(test) ? 'red' : passed.has(test) ? 'passed' : 'absent');
  return excuses.map((excuse) => ({ ...excuse, outcome: outcome(excuse.test) }));
}

/** An unexpected pass and a name that no test has are both said: the entry is to be taken out. */
function warningOf({ as, test, outcome, issue, owner }: ExcusedTest): string[] {
  if (outcome === 'absent') return [`${as} names "${test}", which did not run here (${issue}, ${owner})`];
  if (as === 'known' && outcome === 'passed') return [`known failure "${test}" passed: close ${issue} (${owner})`];
  return [];
}
