import type { PipelineConfig, SuiteConfig } from '../config/pipeline.ts';
import { ruleModes } from '../config/rule-modes.ts';
import { judgeSuite, type SuiteFacts, type SuiteRules } from '../core/judge-suite.ts';

/** Of a suite, what its attempts are believed by. */
export type SoundnessRules = Pick<SuiteConfig, 'skippedMaxPermille'> &
  Partial<Pick<SuiteConfig, 'testsMin' | 'rules'>> &
  Pick<SuiteRules, 'lastGood'>;

/** A suite with the pipeline's rules of evidence in it: what it is judged by, its repeats are believed by. */
export function withPipelineRules(suite: SuiteConfig, pipeline: Partial<Pick<PipelineConfig, 'rules'>>): SuiteConfig {
  return { ...suite, rules: ruleModes(suite, pipeline) };
}

/**
 * Why an attempt is no evidence for either outcome, by the rules that judge a suite; null when it is. What the server saw is asked
 * apart. Where the suite was narrowed each test is read alone: one that is skipped or absent says nothing of the others.
 */
export function unsound(
  attempt: Omit<SuiteFacts, 'seen' | 'seenProblem'> & { readonly narrowedTo?: readonly string[] | null },
  suite: SoundnessRules & {
    /** For a suite that was stopped: whether its red tests decide it all the same. */
    readonly thresholdPermille?: number;
  },
): string | null {
  const { testsMin, lastGood = null, skippedMaxPermille, rules: modes = {}, thresholdPermille = 0 } = suite;
  const rules = { testsMin, lastGood, skippedMaxPermille, rules: modes, evidence: 'none', thresholdPermille } as const;
  const facts = { ...attempt, seen: null, seenProblem: null };
  if (!attempt.narrowedTo) return judgeSuite(facts, rules).invalidBecause[0] ?? null;
  const counts = { ...attempt.counts, selected: attempt.counts.executed, skipped: 0, notRun: 0 };
  return judgeSuite({ ...facts, counts }, { ...rules, testsMin: 1, lastGood: null }).invalidBecause[0] ?? null;
}
