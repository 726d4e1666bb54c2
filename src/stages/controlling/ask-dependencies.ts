import { atMost } from '../../core/at-most.ts';
import type { Control, Health } from '../../core/record.ts';
import type { StageRun } from '../../ports/stage.ts';
import { checkDependency } from '../checking-health/check-dependency.ts';
import { askedAtOnceMax, preflight } from '../checking-health/preflight.ts';
import type { StageParts } from '../parts.ts';
import { dependenciesOf } from '../scope.ts';
import type { ServiceTargets } from '../service-targets.ts';

type Parts = Pick<StageParts, 'environment' | 'pipeline' | 'health' | 'sleep' | 'deployer'>;

/**
 * Red on both revisions may be a dependency that went down since the health check: what the red suites need is asked again, so that
 * the environment is proven down and not guessed to be. The rows of health as they stand then.
 */
export async function askDependenciesAgain(
  control: readonly Control[],
  targets: ServiceTargets,
  parts: Parts,
  run: StageRun,
): Promise<Health[]> {
  const red = new Set(control.filter(({ means }) => means === 'environment-or-older').map(({ suite }) => suite));
  const names = new Set(
    Object.entries(parts.pipeline.suites)
      .filter(([name]) => red.has(name))
      .flatMap(([, suite]) => dependenciesOf(suite, parts.environment)),
  );
  if (names.size === 0) return run.record.health;
  const time = preflight(parts.pipeline.health.preflightSeconds, run.signal);
  const sidesOf = (service: string) => ({ candidate: targets.candidate[service], stable: targets.stable[service] });
  const questions = [...names].map((name) => () => checkDependency(name, sidesOf, time, parts, run));
  const asked = (await atMost(askedAtOnceMax, questions, (question) => question())).flat();
  return [...run.record.health.filter(({ dependency }) => dependency === null || !names.has(dependency)), ...asked];
}
