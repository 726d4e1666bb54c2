import type { SuiteConfig } from '../config/pipeline.ts';
import { judgeSuite, type SuiteFacts, type SuiteRules } from '../core/judge-suite.ts';

/** Why an attempt is no evidence for either outcome, by the rules that judge a suite; null when it is. What the server saw is asked apart. */
export function unsound(
  attempt: Omit<SuiteFacts, 'seen' | 'seenProblem'>,
  suite: Pick<SuiteConfig, 'skippedMaxPermille'> &
    Partial<Pick<SuiteConfig, 'testsMin' | 'rules'>> &
    Pick<SuiteRules, 'lastGood'>,
): string | null {
  const { testsMin, lastGood = null, skippedMaxPermille, rules: modes = {} } = suite;
  const rules = {
    testsMin,
    lastGood,
    skippedMaxPermille,
    rules: modes,
    evidence: 'none',
    thresholdPermille: 0,
  } as const;
  return judgeSuite({ ...attempt, seen: null, seenProblem: null }, rules).invalidBecause[0] ?? null;
}
