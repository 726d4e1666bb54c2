import type { PipelineConfig } from '../../config/pipeline.ts';
import type { StageRun } from '../../ports/stage.ts';

/**
 * What was tested and is GO becomes the reference of later runs: what serves now, not a candidate that nobody promoted; and only
 * where every suite of the service ran whole, since a few tests that pass make no revision good.
 */
export async function rememberGood(pipeline: Pick<PipelineConfig, 'suites'>, run: StageRun): Promise<void> {
  const { deployments, phases } = run.record;
  const whole = new Set(
    phases.flatMap(({ suites }) => suites.flatMap((suite) => (suite.narrowedTo === null ? [suite.name] : []))),
  );
  for (const { service, revision, commit, role, traffic } of deployments) {
    const serves = traffic.some((share) => share.percent > 0 && share.revision === revision);
    const replaced = deployments.some((one) => one.service === service && one.role === 'candidate');
    if (!revision || !serves || (role === 'stable' && replaced)) continue;
    const own = Object.entries(pipeline.suites).filter(([, suite]) => suite.service === service && suite.require);
    if (!own.every(([name]) => whole.has(name))) continue;
    await run.memory.rememberGood({ service, revision, commit, run: run.record.run.id, at: run.now().toISOString() });
  }
}
