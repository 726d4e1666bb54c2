import type { Deployment, RunRecord } from '../../core/record.ts';
import { allows } from '../../core/words.ts';
import { noCandidateBecause } from '../deploying/candidate-kinds.ts';
import type { StageParts } from '../parts.ts';

/** What a run would do from here: the whole of a dry run. */
export function plan(
  deployments: readonly Deployment[],
  parts: Pick<StageParts, 'environment' | 'options' | 'selection'>,
  fresh: boolean,
): RunRecord['next'] {
  const { level, deploy } = parts.options;
  const deploys = allows(level, 'propose') && (deploy === 'always' || (deploy === 'auto' && !fresh));
  const steps = deploys
    ? stale(deployments, parts).map((one) => ({
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

/** Those that a run would deploy; one whose candidate is there already may be reused, which only the run itself finds out. */
function stale(
  deployments: readonly Deployment[],
  { environment, options }: Pick<StageParts, 'environment' | 'options'>,
): Deployment[] {
  return deployments.filter(({ service, decision }) => {
    const mayHave = noCandidateBecause(environment.services[service]?.candidate ?? 'none', options) === null;
    return mayHave && (options.deploy === 'always' || !decision.includes('is fresh'));
  });
}
