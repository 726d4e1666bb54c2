import type { Slo } from '../core/phase-conditions.ts';
import type { Finding } from './finding.ts';
import { hintFor } from './nearest.ts';
import type { PipelineConfig } from './pipeline.ts';

/** A limit that nothing can ever be measured for would leave its phase unproven for ever. */
export function checkConditions({ phases }: Pick<PipelineConfig, 'phases'>): Finding[] {
  return phases.flatMap((phase, index) =>
    phase.conditions.slo.flatMap((slo, at) => {
      const path = ['phases', index, 'conditions', 'slo', at];
      return [...checkMetric(slo, path), ...checkSuite(slo, phase.suites, path)];
    }),
  );
}

const measurable = { requests: ['p50', 'p95', 'errorRate'], probe: ['p50', 'p95'] } as const;

function checkMetric({ from, metric }: Slo, path: Finding['path']): Finding[] {
  if (from === 'report') return [];
  const known: readonly string[] = measurable[from];
  if (known.includes(metric)) return [];
  const message = `${from} have no "${metric}"`;
  return [{ path: [...path, 'metric'], at: 'value', message, hint: hintFor(metric, known, 'metrics') }];
}

function checkSuite({ suite }: Slo, suites: readonly string[], path: Finding['path']): Finding[] {
  if (suite === undefined || suites.includes(suite)) return [];
  const message = `the phase has no suite "${suite}"`;
  return [{ path: [...path, 'suite'], at: 'value', message, hint: hintFor(suite, suites, 'suites of the phase') }];
}
