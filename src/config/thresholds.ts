import { canonicalJson, sha256 } from '../core/canonical-json.ts';
import type { PipelineConfig, SuiteConfig } from './pipeline.ts';

/** SHA-256 of everything that a verdict is measured against; it is in the record before the first test runs (law 4). */
export function thresholdsSha256(pipeline: PipelineConfig): string {
  const { gates, rules, flakyBudget, control, proof, health, traffic, phases, suites, quarantine, known } = pipeline;
  return sha256(
    canonicalJson({
      gates,
      rules,
      flakyBudget,
      control,
      proof,
      health,
      traffic,
      phases,
      quarantine,
      known,
      suites: Object.fromEntries(Object.entries(suites).map(([name, suite]) => [name, measures(suite)])),
    }),
  );
}

function measures(suite: SuiteConfig) {
  const { priority, gate, require, evidence, testsMin, skippedMaxPermille, timeoutSeconds, rules, hosts, criteria } =
    suite;
  // What is collected is the denominator.
  const { collect } = suite;
  // Joined attempts turn red tests green.
  const { retries } = suite.report;
  return {
    ...(retries === undefined ? {} : { retries }),
    priority,
    gate,
    require,
    evidence,
    testsMin,
    skippedMaxPermille,
    timeoutSeconds,
    rules,
    hosts,
    criteria,
    collect,
  };
}
