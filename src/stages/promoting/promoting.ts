import { unprovenTraffic } from '../../core/judge-run.ts';
import type { Deployment, Problem, TrafficMove } from '../../core/record.ts';
import type { ServiceFacts } from '../../ports/deployer.ts';
import { plain } from '../../ports/journal.ts';
import type { Stage, StageEnd, StageRun } from '../../ports/stage.ts';
import { readServices } from '../deploy-revision.ts';
import { foreignChanges } from '../foreign-changes.ts';
import { foundBad } from '../found-bad.ts';
import { shareOf } from '../move-traffic.ts';
import type { StageParts } from '../parts.ts';
import { inOrderOfNeeds } from '../scope.ts';
import { testedCandidates } from '../tested-candidates.ts';
import { problemOf } from '../trouble.ts';
import { type PromoteParts, type Promotion, promoteService } from './promote-service.ts';

type Parts = PromoteParts & Pick<StageParts, 'selection' | 'options'>;
type Candidate = Deployment & { revision: string };
type Unfinished = Exclude<Promotion, { end: 'held' }>;

/**
 * Traffic to the candidates that met every gate, service by service in the order of needs, each watched before the next. What was
 * tested together serves together: when one of them does not hold, all of them go back.
 */
export function promoting(parts: Parts): Stage<'promoting'> {
  return async (run) => {
    // What is planned on is read before others are looked for: a change between the two is found by one of them.
    const plan = await planned(parts, run);
    const foreign = await foreignChanges(parts, run);
    if (foreign.voids) {
      const said = `not promoted: ${foreign.said}`;
      return { facts: { result: 'held', foreign: true }, patch: foreign.patch, said, ok: false };
    }
    const end = await promoteAll(plan, parts, { ...run, record: { ...run.record, ...foreign.patch } });
    return { ...end, patch: { ...foreign.patch, ...end.patch } };
  };
}

async function promoteAll(plan: Plan, parts: Parts, run: StageRun): Promise<StageEnd<'promoting'>> {
  if (plan.refused) return end('refused', [], plan.refused, run);
  const moves: TrafficMove[] = [];
  for (const candidate of plan.candidates) {
    const promotion = await promoteService(candidate, candidate.facts, parts, run);
    moves.push(...promotion.moves);
    if (promotion.end === 'held') continue;
    if (promotion.end === 'foreign') return disturbed(promotion.change, moves, run);
    return await notHeld(candidate, promotion, moves, run);
  }
  return end('held', moves, null, run);
}

interface Plan {
  readonly refused: Problem | null;
  readonly candidates: readonly (Candidate & { facts: ServiceFacts })[];
}

/** Looked at once: a promotion that goes on after a crash meets its own traffic, which is neither foreign nor done. */
function planned(parts: Parts, run: StageRun): Promise<Plan> {
  const nothing: Plan = { refused: null, candidates: [] };
  return run.journal.step<Plan>(`${run.key}/plan`, {}, async () => {
    const services = await readServices(parts, run.signal);
    if (!services.ok) return plain({ ...nothing, refused: problemOf('promoting', services.failure, true) });
    const candidates = toMove(services.value, parts, run);
    for (const { service, revision } of candidates) {
      const bad = await foundBad(service, revision, parts.options, run);
      if (bad) return plain({ ...nothing, refused: problemOf('promoting', bad.failure, false) });
    }
    return plain({ ...nothing, candidates });
  });
}

/** The tested candidates that do not serve everything yet, in the order of needs. */
function toMove(
  services: ReadonlyMap<string, ServiceFacts>,
  parts: Parts,
  run: StageRun,
): (Candidate & { facts: ServiceFacts })[] {
  const { services: config } = parts.environment;
  const candidates = testedCandidates(run.record);
  const order = inOrderOfNeeds(
    candidates.map((one) => one.service),
    config,
  ).flat();
  return order.flatMap((service) => {
    const candidate = candidates.find((one) => one.service === service);
    const facts = services.get(config[service]?.cloudRun ?? service);
    return candidate && facts && shareOf(facts.traffic, candidate.revision) < 100 ? [{ ...candidate, facts }] : [];
  });
}

/** Only what the watch judged is remembered: a refused call says nothing about the revision. */
async function notHeld(
  { service, revision }: Candidate,
  promotion: Exclude<Unfinished, { end: 'foreign' }>,
  moves: readonly TrafficMove[],
  run: StageRun,
): Promise<StageEnd<'promoting'>> {
  switch (promotion.end) {
    case 'bad': {
      const at = run.now().toISOString();
      const because = `with traffic: ${promotion.because}`;
      await run.memory.rememberBad({ service, revision, run: run.record.run.id, at, because });
      return end('worse', moves, problem('worse', `the promotion did not hold: ${service}: ${promotion.because}`), run);
    }
    case 'unproven': {
      const message = `the promotion of ${service} is not proven: ${promotion.because}`;
      return end('worse', moves, { ...problem(unprovenTraffic, message), hint: unprovenHint }, run);
    }
    case 'refused': {
      const { failure } = promotion;
      const message = `the platform refused to move the traffic of ${service}: ${failure.message}`;
      const refusal = problemOf('promoting', { ...failure, message }, true);
      return end(promotion.moved || moves.length > 0 ? 'worse' : 'refused', moves, refusal, run);
    }
  }
}

const unprovenHint =
  'send traffic while loop watches, give the service a health check, or lower traffic.requestsMin in the pipeline, then run again';

function problem(code: string, message: string): Problem {
  return { stage: 'promoting', code, message, hint: null, blocks: false };
}

function disturbed(
  change: StageRun['record']['foreignChanges'][number],
  moves: readonly TrafficMove[],
  run: StageRun,
): StageEnd<'promoting'> {
  const patch = { ...moved(moves, run), foreignChanges: [...run.record.foreignChanges, change] };
  return { facts: { result: 'held', foreign: true }, patch, said: `not promoted: ${change.what}`, ok: false };
}

/** The moves, and what the candidates that were moved have now. */
function moved(moves: readonly TrafficMove[], run: StageRun) {
  const shares = new Map(moves.map((move) => [move.to, move.percent]));
  const deployments = run.record.deployments.map((one) => {
    const percent = one.role === 'candidate' && one.revision ? shares.get(one.revision) : undefined;
    return percent === undefined ? one : { ...one, traffic: one.traffic.map((share) => ({ ...share, percent })) };
  });
  return { trafficMoves: [...run.record.trafficMoves, ...moves], deployments };
}

function end(
  result: 'held' | 'worse' | 'refused',
  moves: readonly TrafficMove[],
  trouble: Problem | null,
  run: StageRun,
): StageEnd<'promoting'> {
  const patch = { ...moved(moves, run), ...(trouble ? { problems: [...run.record.problems, trouble] } : {}) };
  const ok = result === 'held';
  return { facts: { result, foreign: false }, patch, said: sentence(result, moves, trouble), ok };
}

function sentence(result: 'held' | 'worse' | 'refused', moves: readonly TrafficMove[], trouble: Problem | null) {
  const last = new Map(moves.map((move) => [move.service, move]));
  const served = [...last.values()].map(({ service, to, percent, allocation, tookMs }) => {
    const share = percent === 100 ? '' : ` with ${percent} %`;
    const how = allocation === 'latest' ? ' as LATEST' : '';
    return `${service} serves ${to}${share}${how}${tookMs === null ? '' : ` after ${(tookMs / 1000).toFixed(1)} s`}`;
  });
  switch (result) {
    case 'held':
      return served.join('; ') || 'nothing to move';
    case 'worse':
      return `traffic goes back: ${trouble?.message ?? ''}`;
    case 'refused':
      return `not promoted: ${trouble?.message ?? ''}`;
  }
}
