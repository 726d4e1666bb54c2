import type { PipelineConfig } from '../../config/pipeline.ts';
import { passesInARow } from '../../core/compare-results.ts';
import type { RunRecord, SuiteResult } from '../../core/record.ts';
import type { StageRun } from '../../ports/stage.ts';

/** Quarantined tests that passed often enough in a row, this run's result the last one; nobody takes them out by himself. */
export async function leaveQuarantine(
  { quarantine }: Pick<PipelineConfig, 'quarantine'>,
  run: StageRun,
): Promise<RunRecord['next']> {
  const suites = run.record.phases.flatMap((phase) => phase.suites).filter(isEvidence);
  const steps: RunRecord['next'] = [];
  for (const { suite, test, owner, issue, leave } of quarantine) {
    const now = suites.find(({ name }) => name === suite)?.excused.find((one) => one.test === test);
    if (now?.outcome !== 'passed') continue;
    const earlier = await run.memory.history.outcomes(suite, test, leave.passes - 1);
    const passes = passesInARow(`${earlier}P`);
    if (passes < leave.passes) continue;
    const because = `it passed ${passes} times in a row, ${leave.passes} were asked for (${owner}, ${issue})`;
    steps.push({ what: `take "${test}" of ${suite} out of quarantine`, who: 'person', because });
  }
  return steps;
}

function isEvidence({ verdict }: SuiteResult): boolean {
  return verdict === 'GO' || verdict === 'NO-GO';
}
