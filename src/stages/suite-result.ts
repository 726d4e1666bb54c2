import type { SuiteConfig } from '../config/pipeline.ts';
import type { Threshold } from '../config/suite-threshold.ts';
import { blankSuite } from '../core/blank-rows.ts';
import type { RuleModes } from '../core/evidence-rules/rule.ts';
import { gateLostBefore } from '../core/flaky-budget.ts';
import { judgeSuite } from '../core/judge-suite.ts';
import { noCounts, type RunRecord, type SuiteResult } from '../core/record.ts';
import { judgeCriteria, missedCriteria } from '../core/suite-criteria.ts';
import type { Role } from '../core/words.ts';
import type { HeldAgainst } from './held-against.ts';
import type { Seen } from './seen-by-server.ts';
import type { SuiteAttempt } from './suite-attempt.ts';
import { suiteTargets } from './suite-targets.ts';

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
  readonly known: HeldAgainst;
  readonly health: RunRecord['health'];
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
  known,
  health,
}: Ran): SuiteResult {
  const judged = judgeSuite(
    { ...attempt, seen, seenProblem },
    {
      testsMin: attempt.narrowedTo?.length ?? config.testsMin,
      lastGood: attempt.narrowedTo ? null : known.lastGood,
      skippedMaxPermille: config.skippedMaxPermille,
      evidence: config.evidence,
      thresholdPermille: rules.thresholdPermille,
      rules: modes,
    },
  );
  const criteria = judgeCriteria(config.criteria, { ...attempt, baseline: known.baseline });
  return {
    ...bare(name, config, rules, roles),
    verdict: judged.verdict,
    counts: attempt.counts,
    passRatePermille:
      attempt.counts.selected === 0 ? null : Math.floor((attempt.counts.passed * 1000) / attempt.counts.selected),
    exitCode: attempt.exitCode,
    durationMs: attempt.durationMs,
    peakRssBytes: attempt.peakRssBytes,
    targets: suiteTargets(roles, attempt, health),
    seenByServer: seen && { ...seen, tests: seen.tests ?? null },
    invalidBecause: judged.invalidBecause,
    warnings: [
      ...judged.warnings,
      ...(attempt.outputCut === true ? [outputCut] : []),
      ...missedCriteria(criteria),
      ...notNarrowed(attempt),
    ],
    narrowedTo: attempt.narrowedTo ? [...attempt.narrowedTo] : null,
    split: attempt.split ?? null,
    criteria,
    rules: judged.rules,
    tests: [...attempt.red],
    hung: (attempt.stream?.running ?? []).map(({ id }) => id),
    partial: attempt.partial ?? false,
    evidence: [...attempt.evidence, ...[seenEvidence ?? [], known.evidence ?? []].flat()],
  };
}

const outputCut = 'its output is stored without its middle: it was longer than 32 MB';
function notNarrowed({ notNarrowed: because }: SuiteAttempt): string[] {
  return because ? [`it ran whole, not only the tests that were asked for: ${because}`] : [];
}

export function blockedSuite(
  name: string,
  config: SuiteConfig,
  rules: Threshold,
  roles: Readonly<Record<string, Role>>,
  because: string,
  tests = 1,
): SuiteResult {
  return { ...bare(name, config, rules, roles), ...notRun(tests), verdict: 'BLOCKED', invalidBecause: [because] };
}

/** The gate was lost before it: not run, and in the denominator. */
export function notReachedSuite(
  name: string,
  config: SuiteConfig,
  rules: Threshold,
  roles: Readonly<Record<string, Role>>,
  tests = 1,
): SuiteResult {
  return unprovenSuite(name, config, rules, roles, gateLostBefore, tests);
}

/** It was not run, and nobody can say how it would have ended: all of it is in the denominator, as far as anybody knows how much that is. */
export function unprovenSuite(
  name: string,
  config: SuiteConfig,
  rules: Threshold,
  roles: Readonly<Record<string, Role>>,
  because: string,
  tests = 1,
): SuiteResult {
  return { ...bare(name, config, rules, roles), ...notRun(tests), verdict: 'INVALID', invalidBecause: [because] };
}

function notRun(tests: number): Pick<SuiteResult, 'counts' | 'passRatePermille'> {
  return { counts: { ...noCounts, selected: tests, notRun: tests }, passRatePermille: 0 };
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
