import type { Problem } from '../../core/record.ts';
import { allows } from '../../core/words.ts';
import type { StageParts } from '../parts.ts';
import { problemOf } from '../trouble.ts';

type Parts = Pick<StageParts, 'environment' | 'pipeline' | 'options'>;

/**
 * Services that the config names, a selected suite needs, and the platform does not have. One that this run will deploy is made by
 * that; any other blocks. `needed` are names of the config, `there` the platform's.
 */
export function missingServices(needed: readonly string[], there: ReadonlySet<string>, parts: Parts): Problem[] {
  const { project, region, services } = parts.environment;
  return needed.flatMap((name) => {
    const config = services[name];
    if (!config || there.has(config.cloudRun) || isDeployable(config.candidate, parts)) return [];
    const known = there.size === 0 ? 'none of those in the config' : [...there].sort().join(', ');
    const message = `${config.cloudRun} is not on the platform in ${project}/${region}: services there: ${known}`;
    const hint = `check services.${name}.cloudRun, project and region in the config, or let loop deploy it (--deploy auto, level propose)`;
    return [problemOf('checkingRevisions', { code: 'not-found', message, hint }, true)];
  });
}

function isDeployable(candidate: string, { options, pipeline }: Parts): boolean {
  const wanted = options.deploy !== 'never' && pipeline.deploy.how !== 'none' && candidate !== 'none';
  return wanted && allows(options.level, 'propose');
}
