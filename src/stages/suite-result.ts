import type { SuiteConfig } from '../config/pipeline.ts';
import type { Threshold } from '../config/suite-threshold.ts';
import { blankSuite } from '../core/blank-rows.ts';
import type { RuleModes } from '../core/evidence-rules/rule.ts';
import { gateLostBefore } from '../core/flaky-budget.ts';
import { judgeSuite } from '../core/judge-suite.ts';
import { noCounts, type RunRecord, type SuiteResult } from '../core/record.ts';
import { judgeCriteria } from '../core/suite-criteria.ts';
import type { Role } from '../core/words.ts';
import type { Seen } from './seen-by-server.ts';
import type { SuiteAttempt } from './suite-attempt.ts';

/** The revision whose log must hold a suite's requests. */
export function expectedRevision(
  service: string,
  roles: Readonly<Record<string, Role>>,
  record: Pick<RunRecord, 'deployments'>,
): string {
  const role = roles[service] ?? 'stable';
  return record.deployments.find((one) => one.service === service && one.role === role)?.revision ?? '';
}

interface Ran {
  readonly name: string;
  readonly config: SuiteConfig;
  readonly attempt: SuiteAttempt;
  readonly rules: Threshold;
  /** Of the pipeline and the suite together. */
  readonly modes: RuleModes;
  readonly roles: Readonly<Record<string, Role>>;
  readonly seen: Seen | null;
  readonly seenProblem: string | null;
  readonly seenEvidence: string | null;
}

export function suiteResult({
  name,
  config,
  attempt,
  rules,
  modes,
  roles,
  seen,
  seenProblem,
  seenEvidence,
}: Ran): SuiteResult {
  const judged = judgeSuite(
    { ...attempt, seen, seenProblem },
    {
      testsMin: config.testsMin,
      skippedMaxPermille: config.skippedMaxPermille,
      evidence: config.evidence,
      thresholdPermille: rules.thresholdPermille,
      rules: modes,
    },
  );
  // No history is asked yet: a criterion against the baseline is unproven.
  const criteria = judgeCriteria(config.criteria, { ...attempt, baseline: null });
  const missed = criteria.filter((one) => one.state !== 'met').map((one) => `criterion ${one.state}: ${one.text}`);
  return {
    ...bare(name, config, rules, roles),
    verdict: judged.verdict,
    counts: attempt.counts,
    passRatePermille:
      attempt.counts.selected === 0 ? null : Math.floor((attempt.counts.passed * 1000) / attempt.counts.selected),
    exitCode: attempt.exitCode,
    durationMs: attempt.durationMs,
    peakRssBytes: attempt.peakRssBytes,
    seenByServer: seen && { ...seen, tests: seen.tests ?? null },
    invalidBecause: judged.invalidBecause,
    warnings: [...judged.warnings, ...missed],
    criteria,
    rules: judged.rules,
    tests: [...attempt.red],
    evidence: [...attempt.evidence, ...(seenEvidence ? [seenEvidence] : [])],
  };
}

export function blockedSuite(
  name: string,
  config: SuiteConfig,
  rules: Threshold,
  roles: Readonly<Record<string, Role>>,
  because: string,
): SuiteResult {
  return { ...bare(name, config, rules, roles), ...notRun(config), verdict: 'BLOCKED', invalidBecause: [because] };
}

/** The gate was lost before it: not run, and in the denominator. */
export function notReachedSuite(
  name: string,
  config: SuiteConfig,
  rules: Threshold,
  roles: Readonly<Record<string, Role>>,
): SuiteResult {
  return {
    ...bare(name, config, rules, roles),
    ...notRun(config),
    verdict: 'INVALID',
    invalidBecause: [gateLostBefore],
  };
}

function notRun(config: SuiteConfig): Pick<SuiteResult, 'counts' | 'passRatePermille'> {
  return { counts: { ...noCounts, selected: config.testsMin, notRun: config.testsMin }, passRatePermille: 0 };
}

function bare(name: string, config: SuiteConfig, rules: Threshold, roles: Readonly<Record<string, Role>>): SuiteResult {
  return {
    name,
    service: config.service,
    priority: config.priority,
    required: config.require,
    verdict: 'INVALID',
    ...rules,
    roles: { ...roles },
    counts: noCounts,
    passRatePermille: null,
    exitCode: null,
    durationMs: null,
    peakRssBytes: null,
    ...blankSuite,
    evidence: [],
  };
}
