import { evidenceRules } from './evidence-rules/index.ts';
import { type EvidenceRule, redTests, reported, type SuiteFacts, type SuiteRules } from './evidence-rules/rule.ts';
import { meetsGate, redLosesGate } from './pass-rate.ts';
import type { SuiteRuleResult } from './record.ts';
import type { Verdict } from './words.ts';

export type { SuiteFacts, SuiteRules } from './evidence-rules/rule.ts';

export interface JudgedSuite {
  readonly verdict: Verdict;
  /** Enforced rules that do not hold; empty when the counts may be believed. */
  readonly invalidBecause: string[];
  /** Rules that do not hold and only warn. */
  readonly warnings: string[];
  /** Every rule with its figure, also those that hold. */
  readonly rules: SuiteRuleResult[];
}

/**
 * Law 3 and section 5 of the design: exit code, report and summary must agree and the evidence must hold.
 * Every rule is a check of its own; the laws are always enforced, the others as pipeline and suite say.
 */
export function judgeSuite(facts: SuiteFacts, rules: SuiteRules): JudgedSuite {
  const results = evidenceRules.map((rule) => ruleResult(rule, facts, rules));
  const becauseOf = (mode: SuiteRuleResult['mode']) =>
    results.flatMap((one) => (one.ok === false && one.mode === mode && one.because !== null ? [one.because] : []));
  const [invalidBecause, warnings] = [becauseOf('enforce'), becauseOf('warn')];
  if (invalidBecause.length > 0 && lostBeforeItsEnd(facts, rules, results)) {
    return { verdict: 'NO-GO', invalidBecause: [], warnings: [...invalidBecause, ...warnings], rules: results };
  }
  if (invalidBecause.length > 0) return { verdict: 'INVALID', invalidBecause, warnings, rules: results };
  const met = meetsGate(facts.counts.passed, facts.counts.selected, rules.thresholdPermille);
  return { verdict: met ? 'GO' : 'NO-GO', invalidBecause, warnings, rules: results };
}

function ruleResult(rule: EvidenceRule, facts: SuiteFacts, rules: SuiteRules): SuiteRuleResult {
  const mode = rule.set === 'law' ? 'enforce' : (rules.rules?.[rule.set] ?? 'warn');
  if (mode === 'off') return { name: rule.name, mode, ok: null, figure: 'switched off', because: null };
  return { name: rule.name, mode, ...rule.check(facts, rules) };
}

/** Whether it was ended before its end: what it did not say is not known. One that was cancelled with its run is never judged. */
export function wasStopped({ how, exitCode }: Pick<SuiteFacts, 'how' | 'exitCode'>): boolean {
  switch (how) {
    case 'timeout':
    case 'test-timeout':
    case 'stopped':
      return true;
    case 'exited':
      return exitCode === null;
    case 'cancelled':
    case 'not-started':
      return false;
  }
}

/** What a killed run cannot have in order; anything else that does not hold is a reason of its own not to believe it. */
const brokenByTheKill: readonly string[] = [
  'ended',
  'report',
  'floor',
  'not-run',
  'exit-code',
  'summary',
  'report-doubts',
];

/**
 * A run that was killed, but whose red tests alone lose the gate already: nothing that is missing could win it back. That
 * needs a denominator which cannot grow, so a collection before the run; at a gate of 100 % one red test is enough.
 */
function lostBeforeItsEnd(facts: SuiteFacts, rules: SuiteRules, results: readonly SuiteRuleResult[]): boolean {
  if (!wasStopped(facts)) return false;
  const others = results.some(
    (one) => one.ok === false && one.mode === 'enforce' && !brokenByTheKill.includes(one.name),
  );
  return !others && redLosesGate(redTests(facts), denominator(facts), rules.thresholdPermille);
}

/** What was collected, unless more was reported than that: then nobody knows how many there are. */
function denominator(facts: SuiteFacts): number | null {
  const collected = facts.collected ?? null;
  return collected !== null && reported(facts) > collected ? null : collected;
}
