import { counted } from './count-words.ts';
import { sumCounts } from './counts.ts';
import { gateCounts, gateCountsAtBest, unproven } from './excused-tests.ts';
import { lostAtNonPass, meetsGate, passRatePermille } from './pass-rate.ts';
import type { ConditionResult, Counts, PhaseResult, SuiteResult } from './record.ts';
import type { Verdict } from './words.ts';

interface Phase {
  readonly name: string;
  readonly thresholdPermille: number | null;
  /** Beside the rate; what is unproven does not pass. */
  readonly conditions?: readonly ConditionResult[];
}

/**
 * A phase sums the suites that count: those that are required, and those that say `gate: phase` although they may be missing.
 * each suite also meets its own gate unless it is judged by the phase.
 * NO-GO needs evidential results only: what is INVALID cannot lose a gate, it can only leave it unproven.
 */
export function judgePhase(phase: Phase, given: readonly SuiteResult[]): PhaseResult {
  const judged = judge(phase, given);
  if (judged.lostAt !== null || !judged.suites.some(isStopped)) return judged;
  // Its red tests did not lose the phase's gate: what the rest of it would have said is not known.
  return judge(
    phase,
    given.map((suite) => (isStopped(suite) ? unproven(suite) : suite)),
  );
}

/** Stopped before its end, and judged by its phase. */
function isStopped({ partial, judgedBy, verdict }: SuiteResult): boolean {
  return partial && judgedBy === 'phase' && verdict !== 'INVALID' && verdict !== 'BLOCKED';
}

function judge(phase: Phase, suites: readonly SuiteResult[]): PhaseResult {
  const counting = suites.filter((suite) => isSummed(suite) && isEvidence(suite));
  const sum = sumCounts(counting.map((suite) => suite.counts));
  const gated = gatedSum(counting);
  const lost = losesGate(phase.thresholdPermille, sum, gated);
  const required = suites.filter((suite) => suite.required);
  const conditions = [...(phase.conditions ?? [])];
  const verdict = verdictOf(lost, required, conditions);
  const judged = suites.map((suite) => (suite.judgedBy === 'phase' ? withPhase(suite, verdict) : suite));
  return {
    name: phase.name,
    verdict,
    thresholdPermille: phase.thresholdPermille,
    passRatePermille: sum.selected === 0 ? null : passRatePermille(sum.passed, sum.selected),
    lostAt: lost ? lostAtNonPass(gated.selected, phase.thresholdPermille ?? 0) : null,
    reason: `${reasonOf(phase, verdict, sum, judged, lost)}${apartWords(counting)}`,
    conditions,
    suites: judged,
  };
}

export function percent(permille: number): string {
  return `${permille % 10 === 0 ? permille / 10 : (permille / 10).toFixed(1)} %`;
}

/** A measured rate, exact to one decimal: `5 of 8 passed = 62.5 %`. A suite that was never begun counts no test, however many it has. */
export function rateSentence(counts: Counts): string {
  if (counts.selected === 0) return 'no test was run';
  return `${counts.passed} of ${counts.selected} passed = ${percent(passRatePermille(counts.passed, counts.selected))}`;
}

function isSummed({ required, judgedBy }: SuiteResult): boolean {
  return required || judgedBy === 'phase';
}

function isEvidence({ verdict }: SuiteResult): boolean {
  return verdict !== 'INVALID' && verdict !== 'BLOCKED';
}

function verdictOf(lost: boolean, required: readonly SuiteResult[], conditions: readonly ConditionResult[]): Verdict {
  const ownGate = required.filter((suite) => suite.judgedBy === 'suite');
  if (lost || ownGate.some((suite) => suite.verdict === 'NO-GO')) return 'NO-GO';
  // A dead service or dependency leaves its suites BLOCKED: that its health is not met says the same, not more.
  if (required.some((suite) => suite.verdict === 'BLOCKED')) return invalidOr('BLOCKED', required);
  if (conditions.some((one) => one.state === 'not-met')) return 'NO-GO';
  return conditions.some((one) => one.state === 'unproven') ? 'INVALID' : invalidOr('GO', required);
}

function invalidOr(verdict: Verdict, required: readonly SuiteResult[]): Verdict {
  return required.some((suite) => suite.verdict === 'INVALID') ? 'INVALID' : verdict;
}

/** Whether the phase's own gate is lost; a suite may lose its own without that. */
function losesGate(threshold: number | null, sum: Counts, gated: { passed: number; selected: number }): boolean {
  return threshold !== null && sum.selected > 0 && !meetsGate(gated.passed, gated.selected, threshold);
}

function gatedSum(suites: readonly SuiteResult[]): { passed: number; selected: number } {
  const all = suites.map(gateCountsAtBest);
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    selected: all.reduce((sum, { selected }) => sum + selected, 0),
  };
}

/** What the rate does not show: tests that do not gate, and flaky ones that count as passed. */
function apartWords(suites: readonly SuiteResult[]): string {
  const excused = suites.reduce((sum, suite) => sum + suite.counts.selected - gateCounts(suite).selected, 0);
  const forgiven = suites.reduce((sum, suite) => sum + suite.forgiven.length, 0);
  return [
    excused === 0 ? '' : `; ${counted(excused, 'excused test')} not gating`,
    forgiven === 0 ? '' : `; ${counted(forgiven, 'flaky test')} counted as passed`,
  ].join('');
}

function withPhase(suite: SuiteResult, verdict: Verdict): SuiteResult {
  if (suite.verdict === 'INVALID' || suite.verdict === 'BLOCKED') return suite;
  return { ...suite, verdict: verdict === 'NO-GO' ? 'NO-GO' : 'GO' };
}

function reasonOf(phase: Phase, verdict: Verdict, sum: Counts, suites: readonly SuiteResult[], lost: boolean): string {
  const gate = phase.thresholdPermille;
  if (gate !== null && lost) {
    return `phase ${phase.name}: ${rateSentence(sum)}, below its gate of ${percent(gate)}`;
  }
  const first = suites.find((suite) => suite.required && suite.verdict === verdict && verdict !== 'GO');
  const wanted = verdict === 'NO-GO' ? 'not-met' : verdict === 'INVALID' ? 'unproven' : null;
  const condition = (phase.conditions ?? []).find((one) => one.state === wanted);
  if (condition && !(first && isOwnReason(first))) {
    return `phase ${phase.name}: condition ${wanted === 'not-met' ? 'not met' : wanted}: ${condition.text}`;
  }
  if (!first) return `phase ${phase.name}: ${rateSentence(sum)}${gate === null ? '' : `, gate ${percent(gate)}`}`;
  if (verdict === 'NO-GO') {
    return `suite ${first.name}: ${rateSentence(first.counts)}, below its gate of ${percent(first.thresholdPermille)}`;
  }
  return `suite ${first.name}: ${first.invalidBecause.join('; ') || 'its service is not up'}`;
}

/** A suite that its phase judges has the phase's verdict, and no reason of its own for it. */
function isOwnReason({ judgedBy, verdict }: SuiteResult): boolean {
  return judgedBy === 'suite' || verdict === 'INVALID';
}
