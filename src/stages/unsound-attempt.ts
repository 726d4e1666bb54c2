import type { SuiteConfig } from '../config/pipeline.ts';
import { judgeSuite, type SuiteFacts } from '../core/judge-suite.ts';

/**
 * Why an attempt is no evidence for either outcome, by the rules that judge a suite; null when it is. What the server saw is asked
 * apart. Where the suite was narrowed each test is read alone: one that is skipped or absent says nothing of the others.
 */
export function unsound(
  attempt: Omit<SuiteFacts, 'seen' | 'seenProblem'> & { readonly narrowedTo?: readonly string[] | null },
  suite: Pick<SuiteConfig, 'testsMin' | 'skippedMaxPermille'> & Partial<Pick<SuiteConfig, 'rules'>>,
): string | null {
  const { testsMin, skippedMaxPermille, rules: modes = {} } = suite;
  const rules = { testsMin, skippedMaxPermille, rules: modes, evidence: 'none', thresholdPermille: 0 } as const;
  const facts = { ...attempt, seen: null, seenProblem: null };
  if (!attempt.narrowedTo) return judgeSuite(facts, rules).invalidBecause[0] ?? null;
  const counts = { ...attempt.counts, selected: attempt.counts.executed, skipped: 0, notRun: 0 };
  return judgeSuite({ ...facts, counts }, { ...rules, testsMin: 1 }).invalidBecause[0] ?? null;
}
