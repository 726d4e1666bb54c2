import type { Deployment, RunRecord, TrafficMove } from '../../core/record.ts';
import type { Failure } from '../../core/result.ts';
import type { ServiceFacts } from '../../ports/deployer.ts';
import type { StageRun } from '../../ports/stage.ts';
import { readServices } from '../deploy-revision.ts';
import { moveTraffic, shareOf } from '../move-traffic.ts';
import type { StageParts } from '../parts.ts';
import { revisionUrl } from '../service-targets.ts';
import { afterMove, isSameSplit, splitOf } from '../traffic-split.ts';
import { type Watched, type WatchParts, watchStep } from './watch-step.ts';

export type PromoteParts = WatchParts & Pick<StageParts, 'deployer'>;

/** How the promotion of one service ended; `moves` were made whatever it was. */
export type Promotion = { readonly moves: readonly TrafficMove[] } & (
  | { readonly end: 'held' }
  /** What the watch said: a verdict about the revision, or that there is none. */
  | { readonly end: 'bad' | 'unproven'; readonly because: string }
  /** The platform did not do it; `moved` when the revision may have got traffic all the same. */
  | { readonly end: 'refused'; readonly failure: Failure; readonly moved: boolean }
  | { readonly end: 'foreign'; readonly change: RunRecord['foreignChanges'][number] }
);

/**
 * Step by step to everything, each step watched before the next one. `facts` are what the run decided on: each step is made from
 * what they and its own moves left only, so that traffic which someone else moved since is never moved back.
 */
export async function promoteService(
  candidate: Deployment & { revision: string },
  facts: ServiceFacts,
  parts: PromoteParts,
  run: StageRun,
): Promise<Promotion> {
  const { service, revision } = candidate;
  const { steps } = parts.pipeline.traffic;
  const moves: TrafficMove[] = [];
  let before = facts;
  for (const percent of steps) {
    const key = `${run.key}/${service}/${percent}`;
    run.progress(`moving ${percent} % of the traffic of ${service} to ${revision}`);
    const why = `promoted: every gate was met${steps.length === 1 ? '' : `, step of ${percent} %`}`;
    const request = {
      key,
      service,
      from: facts.serving ?? 'nothing',
      to: revision,
      percent,
      expected: before.traffic,
      why,
      decidedAt: run.now(),
    };
    const moved = await moveTraffic(request, parts, run);
    if (!moved.ok) return refused(moved.failure, { moves, service, revision, percent, before }, parts, run);
    before = { ...before, traffic: moved.traffic };
    const watched = await watch({ key, service, revision, move: moved.move, facts: before }, parts, run);
    moves.push({ ...moved.move, watch: watched.watch });
    if (watched.outcome !== 'good') return { moves, end: watched.outcome, because: watched.watch.because };
  }
  return { moves, end: 'held' };
}

/** The last step is watched at least for the time that makes a revision STABLE. */
function watch(
  step: { key: string; service: string; revision: string; move: TrafficMove; facts: ServiceFacts },
  parts: PromoteParts,
  run: StageRun,
): Promise<Watched> {
  const { key, service, revision, move, facts } = step;
  const { traffic, deploy } = parts.pipeline;
  const all = move.percent === 100;
  const seconds = all ? Math.max(traffic.watchSeconds, deploy.stableForSeconds) : traffic.watchSeconds;
  const url = all ? facts.url : revisionUrl(facts, revision);
  run.progress(`watching ${revision} with ${move.percent} % of the traffic`);
  return watchStep({ key, service, revision, url, since: move.at, seconds }, parts, run);
}

/**
 * A call that failed may have been carried out: what is served now says it. What cannot be read is treated as if it was. What is
 * neither as before nor as asked for is someone else's: it is left alone.
 */
async function refused(
  failure: Failure,
  at: { moves: readonly TrafficMove[]; service: string; revision: string; percent: number; before: ServiceFacts },
  parts: PromoteParts,
  run: StageRun,
): Promise<Promotion> {
  const { moves, service, revision, percent, before } = at;
  const now = await read(service, parts, run);
  if (now === null) return { moves, end: 'refused', failure, moved: true };
  if (sameShares(now, before)) return { moves, end: 'refused', failure, moved: moves.length > 0 };
  const asked = afterMove(splitOf(before.traffic), { to: revision, percent });
  if (isSameSplit(splitOf(now.traffic), asked)) return { moves, end: 'refused', failure, moved: true };
  return { moves, end: 'foreign', change: changed(service, before, now, run) };
}

async function read(service: string, parts: PromoteParts, run: StageRun): Promise<ServiceFacts | null> {
  const services = await readServices(parts, run.signal);
  const name = parts.environment.services[service]?.cloudRun ?? service;
  return services.ok ? (services.value.get(name) ?? null) : null;
}

function changed(service: string, was: ServiceFacts, is: ServiceFacts, run: StageRun) {
  const what = `its traffic changed from ${shown(was)} to ${shown(is)}`;
  return { service, what, by: null, voids: true, at: run.now().toISOString(), evidence: [] };
}

function sameShares(one: ServiceFacts, other: ServiceFacts): boolean {
  return shown(one) === shown(other);
}

function shown({ traffic }: ServiceFacts): string {
  const names = new Set(traffic.flatMap(({ revision }) => revision ?? []));
  const shares = [...names].sort().map((name) => [name, shareOf(traffic, name)] as const);
  return (
    shares
      .filter(([, percent]) => percent > 0)
      .map(([name, percent]) => `${name} ${percent} %`)
      .join(', ') || 'nothing'
  );
}
