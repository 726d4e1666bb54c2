import type { RuleModes } from '../core/evidence-rules/rule.ts';
import type { PipelineConfig, SuiteConfig } from './pipeline.ts';

/** The rules of evidence that a suite is judged by: its own word goes before the pipeline's. Older stored configs have none. */
export function ruleModes(
  suite: Partial<Pick<SuiteConfig, 'rules'>>,
  pipeline: Partial<Pick<PipelineConfig, 'rules'>>,
): RuleModes {
  return { ...pipeline.rules, ...suite.rules };
}
