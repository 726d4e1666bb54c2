import { join } from 'node:path';
import type { PipelineConfig } from '../../config/pipeline.ts';
import { compareResults, redRate } from '../../core/compare-results.ts';
import type { Comparison, PhaseResult, SuiteResult } from '../../core/record.ts';
import type { HistoryOutcome, HistorySuite, HistoryTest } from '../../ports/history.ts';
import { proven } from '../../ports/journal.ts';
import type { StageRun } from '../../ports/stage.ts';
import { readReportFiles } from '../../test-reports/index.ts';

/** Rates are about this many results of a test at most, the newest ones. */
const ratesOver = 100;
/** A suite that fell over as a whole is told by its numbers; the rates of its first red tests are enough. */
const ratesMax = 25;

/**
 * Holds every suite against its baseline and then stores its results for the runs to come. Results of a run that is BLOCKED or void
 * stay out, and so does a suite whose evidence does not hold, or that was stopped before its end: they would be a wrong baseline and a wrong rate.
 */
export async function compareAndRemember(run: StageRun, configs: PipelineConfig['suites']): Promise<PhaseResult[]> {
  const { record, task } = run;
  if (!mayEnterHistory(run)) return record.phases;
  const phases: PhaseResult[] = [];
  for (const phase of record.phases) {
    const suites: SuiteResult[] = [];
    for (const suite of phase.suites) {
      const now = await resultsOf(suite, { cycle: task.cycle, retries: configs[suite.name]?.report.retries }, run);
      suites.push(now === null ? suite : { ...suite, comparison: await comparisonOf(suite, now, run) });
      if (now !== null) await run.memory.history.remember(now);
    }
    phases.push({ ...phase, suites });
  }
  return phases;
}

export function mayEnterHistory({ record }: StageRun): boolean {
  const voids = new Set(record.foreignChanges.filter((one) => one.voids).map(({ at }) => at));
  return record.selection !== null && record.verdict?.value !== 'BLOCKED' && voids.size < 2;
}

/** Every test of a suite that may be believed, from its stored report; null where there is none to believe. */
async function resultsOf(
  suite: SuiteResult,
  { cycle, retries }: { cycle: number; retries: 'same-name' | undefined },
  run: StageRun,
): Promise<HistorySuite | null> {
  if (suite.partial || (suite.verdict !== 'GO' && suite.verdict !== 'NO-GO')) return null;
  const files: string[] = [];
  for (const id of suite.evidence) {
    const one = await run.evidence(id);
    if (one?.kind === 'report') files.push(join(run.folder, one.path));
  }
  if (files.length === 0) return null;
  const { report } = await readReportFiles(files, { folder: run.folder, root: run.folder, retries });
  const asked = suite.narrowedTo === null ? null : new Set(suite.narrowedTo);
  const role = suite.roles[suite.service] ?? 'stable';
  const tested = run.record.deployments.find((one) => one.service === suite.service && one.role === role);
  return {
    suite: suite.name,
    selection: run.record.selection?.sha256 ?? '',
    run: run.record.run.id,
    cycle,
    revision: tested?.revision ?? null,
    commit: tested?.commit ?? null,
    verdict: suite.verdict,
    at: run.now().toISOString(),
    // Runners tell tests that were not asked for as skipped: they did nothing in this run.
    tests: report.tests.flatMap(({ id, outcome, durationMs }) =>
      asked?.has(id) === false && outcome === 'skipped' ? [] : [{ test: id, outcome: letters[outcome], durationMs }],
    ),
    narrowed: suite.narrowedTo !== null,
    rules: warningRules(suite),
  };
}

function warningRules({ rules }: SuiteResult): HistorySuite['rules'] {
  const found = rules.flatMap(({ name, mode, ok }) => (mode === 'warn' && ok !== null ? [[name, ok] as const] : []));
  return Object.fromEntries(found);
}

const letters = { passed: 'P', failed: 'F', errored: 'E', skipped: 'S' } as const satisfies Record<
  string,
  HistoryOutcome
>;

/** The baseline is stored as evidence first: the comparison can name what it compares with. */
async function comparisonOf(suite: SuiteResult, now: HistorySuite, run: StageRun): Promise<Comparison | null> {
  const { history } = run.memory;
  const key = `${run.key}/baseline/${suite.name}`;
  return run.journal.step(key, { suite: suite.name, selection: now.selection }, async () => {
    const baseline = await history.baseline(suite.name, now.selection);
    if (baseline === null) return { artifacts: [], value: () => null };
    const rates: Comparison['rates'] = [];
    for (const { id } of suite.tests.slice(0, ratesMax)) {
      rates.push({ test: id, ...redRate(await history.outcomes(suite.name, id, ratesOver)) });
    }
    const compared = {
      ...compareResults(now.tests, baseline.tests),
      ...{ run: baseline.run, revision: baseline.revision, ageSeconds: ageSeconds(baseline.at, now.at), rates },
    };
    const artifact = await run.artifacts.put({
      kind: 'baseline',
      source: `suite ${suite.name} in run ${baseline.run}, from loop's own history`,
      at: now.at,
      content: JSON.stringify({ baseline, rates }, null, 2),
      excerpt: excerptOf(baseline.tests),
    });
    return proven(artifact, (evidence) => ({ ...compared, evidence: [evidence] }));
  });
}

function excerptOf(tests: readonly HistoryTest[]): string {
  return `${tests.filter(({ outcome }) => outcome === 'P').length} of ${tests.length} passed`;
}

function ageSeconds(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 1000);
}
