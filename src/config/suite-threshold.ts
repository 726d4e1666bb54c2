import type { PipelineConfig, SuiteConfig } from './pipeline.ts';

export interface Threshold {
  readonly thresholdPermille: number;
  readonly judgedBy: 'suite' | 'phase';
}

/** A suite's own percentage, the phase's gate, or its priority's: thresholds are fixed before the first test. */
export function thresholdOf(
  suite: Pick<SuiteConfig, 'gate' | 'priority'>,
  phaseGatePermille: number | null,
  pipeline: Pick<PipelineConfig, 'gates'>,
): Threshold {
  if (typeof suite.gate === 'number') return { thresholdPermille: suite.gate, judgedBy: 'suite' };
  if (suite.gate === 'phase' && phaseGatePermille !== null)
    return { thresholdPermille: phaseGatePermille, judgedBy: 'phase' };
  return { thresholdPermille: pipeline.gates[suite.priority], judgedBy: 'suite' };
}
