import { noCounts, type RunRecord } from '../core/record.ts';
import type { Level } from '../core/words.ts';

/** The record of a run before anything is touched. */
export function firstRecord(run: {
  id: string;
  command: string;
  focus: readonly string[];
  environment: string;
  pipeline: string;
  level: Level;
  ref: string | null;
  startedAt: string;
}): RunRecord {
  return {
    schema: 'loop/run/1',
    run: {
      ...run,
      focus: [...run.focus],
      head: null,
      endedAt: null,
      state: 'running',
      stage: 'preparing',
      outcome: 'none',
      exitCode: null,
      cycles: [],
      thresholdsSha256: null,
      configSha256: null,
      limitsHit: [],
    },
    context: { lastRuns: [], openIssues: [], recentPulls: [], baselines: [] },
    selection: null,
    verdict: null,
    totals: noCounts,
    deployments: [],
    foreignChanges: [],
    health: [],
    phases: [],
    control: [],
    logs: null,
    causes: [],
    fixes: [],
    published: [],
    approvals: [],
    overrides: [],
    problems: [],
    trafficMoves: [],
    impact: null,
    next: [],
    evidence: [],
    log: [],
  };
}
