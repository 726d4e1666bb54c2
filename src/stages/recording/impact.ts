import type { PipelineConfig } from '../../config/pipeline.ts';
import type { RunRecord } from '../../core/record.ts';

/** The sum over failed or unproven suites that carry a figure of the user's. No figure is ever made up; none given, none shown. */
export function impactOf(
  record: Pick<RunRecord, 'phases' | 'selection'>,
  pipeline: PipelineConfig,
): RunRecord['impact'] {
  const judged = new Map(
    record.phases.flatMap((phase) => phase.suites.map((suite) => [suite.name, suite.verdict] as const)),
  );
  const computation = Object.entries(pipeline.suites).flatMap(([suite, { usdAtRisk }]) => {
    const verdict = judged.get(suite);
    if (usdAtRisk === undefined || verdict === 'GO') return [];
    return [{ suite, usd: usdAtRisk, because: verdict === 'NO-GO' ? ('failed' as const) : ('unproven' as const) }];
  });
  const figures = Object.values(pipeline.suites).some((suite) => suite.usdAtRisk !== undefined);
  return figures ? { usdAtRisk: computation.reduce((sum, one) => sum + one.usd, 0), computation } : null;
}
