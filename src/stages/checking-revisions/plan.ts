import type { Deployment, RunRecord } from '../../core/record.ts';
import { allows } from '../../core/words.ts';
import type { StageParts } from '../parts.ts';

/** What a run would do from here: the whole of a dry run. */
export function plan(
  deployments: readonly Deployment[],
  parts: Pick<StageParts, 'options' | 'selection'>,
  fresh: boolean,
): RunRecord['next'] {
  const { level, deploy } = parts.options;
  const deploys = allows(level, 'propose') && (deploy === 'always' || (deploy === 'auto' && !fresh));
  const steps = deploys
    ? deployments.map((one) => ({
        what: `deploy a candidate of ${one.service}`,
        who: 'loop' as const,
        because: one.decision,
      }))
    : [];
  const suites = parts.selection.phases.flatMap((phase) =>
    phase.suites
      .filter((suite) => suite.selected)
      .map((suite) => ({
        what: `run suite ${suite.name} in phase ${phase.name}`,
        who: 'loop' as const,
        because: suite.because,
      })),
  );
  return [...steps, ...suites];
}
