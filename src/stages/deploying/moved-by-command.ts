import { blankMove } from '../../core/blank-rows.ts';
import type { Deployment, Problem, TrafficMove } from '../../core/record.ts';
import { allows } from '../../core/words.ts';
import type { ServiceFacts } from '../../ports/deployer.ts';
import type { StageRun } from '../../ports/stage.ts';
import { readServices } from '../deploy-revision.ts';
import { shareOf } from '../move-traffic.ts';
import type { StageParts } from '../parts.ts';

type All = ReadonlyMap<string, ServiceFacts>;

/** What a deploy command did to the traffic beside its own new revision: it is told and shouted, since nobody asked for it. */
export async function movedElsewhere(
  names: readonly string[],
  told: readonly TrafficMove[],
  before: All,
  parts: Pick<StageParts, 'environment' | 'deployer'>,
  run: StageRun,
): Promise<{ move: TrafficMove; problem: Problem }[]> {
  const services = await readServices(parts, run.signal);
  if (!services.ok) return [];
  return names.flatMap((service) => {
    const platform = parts.environment.services[service]?.cloudRun ?? service;
    const [from, to] = [before.get(platform)?.serving ?? null, services.value.get(platform)?.serving ?? null];
    if (from === to || from === null || to === null || told.some((move) => move.service === service)) return [];
    const percent = shareOf(services.value.get(platform)?.traffic ?? [], to);
    const why = 'the deploy command moved it to a revision that is not its own';
    const move = { ...blankMove, at: run.now().toISOString(), service, from, to, percent, why, verified: true };
    return [{ move, problem: shouted(platform, from, `${service} serves ${to} now: ${why}`) }];
  });
}

/** A command that gave its candidate traffic where the config or the level gives it none. */
export function unasked(
  candidates: readonly Deployment[],
  { environment, options }: Pick<StageParts, 'environment' | 'options'>,
): Problem[] {
  return candidates.flatMap(({ service, how, revision, traffic }) => {
    const config = environment.services[service];
    const percent = traffic.reduce((sum, share) => sum + (share.revision === revision ? share.percent : 0), 0);
    if (how !== 'command' || percent === 0 || !config) return [];
    const mayTake = config.candidate === 'traffic' && allows(options.level, 'act') && options.allSelected;
    const message = `the deploy command gave ${revision} ${percent} % of the traffic of ${service}, which nobody asked for`;
    return mayTake ? [] : [shouted(config.cloudRun, null, message)];
  });
}

function shouted(platform: string, back: string | null, message: string): Problem {
  const to = back === null ? 'STABLE=100' : `${back}=100`;
  const hint = `move it back: gcloud run services update-traffic ${platform} --to-revisions ${to}; and let the command pass --no-traffic --tag $LOOP_TAG`;
  return { stage: 'deploying', code: 'moved-by-command', message, hint, blocks: false };
}
