import { blankMove } from '../../core/blank-rows.ts';
import type { Deployment, Problem, TrafficMove } from '../../core/record.ts';
import { allows } from '../../core/words.ts';
import type { ServiceFacts } from '../../ports/deployer.ts';
import { proven } from '../../ports/journal.ts';
import type { StageRun } from '../../ports/stage.ts';
import { readServices } from '../deploy-revision.ts';
import { shareOf } from '../move-traffic.ts';
import type { StageParts } from '../parts.ts';

type All = ReadonlyMap<string, ServiceFacts>;

/**
 * Traffic that moved while a deploy command ran, to a revision that is not the command's: told with what was read back, and shouted,
 * since nobody asked for it. Who moved it is not known; the command is only the likeliest.
 */
export async function movedElsewhere(
  names: readonly string[],
  told: readonly TrafficMove[],
  before: All,
  parts: Pick<StageParts, 'environment' | 'deployer'>,
  run: StageRun,
): Promise<{ move: TrafficMove; problem: Problem }[]> {
  const services = await readServices(parts, run.signal);
  if (!services.ok) return [];
  const found = names.map(async (service) => {
    const platform = parts.environment.services[service]?.cloudRun ?? service;
    const [from, to] = [before.get(platform)?.serving ?? null, services.value.get(platform)?.serving ?? null];
    if (from === to || from === null || to === null || told.some((move) => move.service === service)) return [];
    const percent = shareOf(services.value.get(platform)?.traffic ?? [], to);
    const why = 'it moved while the deploy command ran, to a revision that is not the one it made';
    const row = { ...blankMove, service, from, to, percent, why, verified: true };
    const move = await run.journal.step<TrafficMove>(`${run.key}/${service}/moved`, { from, to }, async () => {
      const at = run.now().toISOString();
      const content = JSON.stringify({ before: before.get(platform), after: services.value.get(platform) }, null, 2);
      const source = `Cloud Run: traffic of ${platform} before and after the deploy command`;
      const artifact = await run.artifacts.put({ kind: 'traffic', source, at, content, excerpt: `${to} ${percent} %` });
      return proven(artifact, (evidence) => ({ ...row, at, evidence: [evidence] }));
    });
    return [{ move, problem: shouted(platform, from, `${service} serves ${to} now: ${why}`) }];
  });
  return (await Promise.all(found)).flat();
}

/** A command that gave its candidate traffic where the config or the level gives it none. */
export function unasked(
  candidates: readonly Deployment[],
  stable: readonly Deployment[],
  { environment, options }: Pick<StageParts, 'environment' | 'options'>,
): Problem[] {
  return candidates.flatMap(({ service, how, revision, traffic }) => {
    const config = environment.services[service];
    const percent = traffic.reduce((sum, share) => sum + (share.revision === revision ? share.percent : 0), 0);
    if (how !== 'command' || percent === 0 || !config) return [];
    const mayTake = config.candidate === 'traffic' && allows(options.level, 'act') && options.allSelected;
    const message = `the deploy command gave ${revision} ${percent} % of the traffic of ${service}, which nobody asked for`;
    const back = stable.find((one) => one.service === service)?.revision ?? null;
    return mayTake ? [] : [shouted(config.cloudRun, back, message)];
  });
}

function shouted(platform: string, back: string | null, message: string): Problem {
  const undo =
    back === null
      ? ''
      : `move it back: gcloud run services update-traffic ${platform} --to-revisions ${back}=100; and `;
  const hint = `${undo}let the command pass --no-traffic --tag $LOOP_TAG`;
  return { stage: 'deploying', code: 'moved-by-command', message, hint, blocks: false };
}
