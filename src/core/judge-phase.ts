import { sumCounts } from './counts.ts';
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
export function judgePhase(phase: Phase, suites: readonly SuiteResult[]): PhaseResult {
  const sum = sumCounts(suites.filter((suite) => isSummed(suite) && isEvidence(suite)).map((suite) => suite.counts));
  const required = suites.filter((suite) => suite.required);
  const conditions = [...(phase.conditions ?? [])];
  const verdict = verdictOf(phase.thresholdPermille, sum, required, conditions);
  const judged = suites.map((suite) => (suite.judgedBy === 'phase' ? withPhase(suite, verdict) : suite));
  return {
    name: phase.name,
    verdict,
    thresholdPermille: phase.thresholdPermille,
    passRatePermille: sum.selected === 0 ? null : passRatePermille(sum.passed, sum.selected),
    lostAt: losesGate(phase.thresholdPermille, sum) ? lostAtNonPass(sum.selected, phase.thresholdPermille ?? 0) : null,
    reason: reasonOf(phase, verdict, sum, judged),
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

function verdictOf(
  threshold: number | null,
  sum: Counts,
  required: readonly SuiteResult[],
  conditions: readonly ConditionResult[],
): Verdict {
  const ownGate = required.filter((suite) => suite.judgedBy === 'suite');
  if (losesGate(threshold, sum) || ownGate.some((suite) => suite.verdict === 'NO-GO')) return 'NO-GO';
  // A dead service or dependency leaves its suites BLOCKED: that its health is not met says the same, not more.
  if (required.some((suite) => suite.verdict === 'BLOCKED')) return invalidOr('BLOCKED', required);
  if (conditions.some((one) => one.state === 'not-met')) return 'NO-GO';
  return conditions.some((one) => one.state === 'unproven') ? 'INVALID' : invalidOr('GO', required);
}

function invalidOr(verdict: Verdict, required: readonly SuiteResult[]): Verdict {
  return required.some((suite) => suite.verdict === 'INVALID') ? 'INVALID' : verdict;
}

/** Whether the phase's own gate is lost; a suite may lose its own without that. */
function losesGate(threshold: number | null, sum: Counts): boolean {
  return threshold !== null && sum.selected > 0 && !meetsGate(sum.passed, sum.selected, threshold);
}

function withPhase(suite: SuiteResult, verdict: Verdict): SuiteResult {
  if (suite.verdict === 'INVALID' || suite.verdict === 'BLOCKED') return suite;
  return { ...suite, verdict: verdict === 'NO-GO' ? 'NO-GO' : 'GO' };
}

function reasonOf(phase: Phase, verdict: Verdict, sum: Counts, suites: readonly SuiteResult[]): string {
  const gate = phase.thresholdPermille;
  if (gate !== null && losesGate(gate, sum)) {
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
