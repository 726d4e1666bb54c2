import { atMost } from '../../core/at-most.ts';
import { blankMove } from '../../core/blank-rows.ts';
import { bootWords } from '../../core/boot-words.ts';
import { isRefusal } from '../../core/platform-refusals.ts';
import type { Deployment, Health, TrafficMove } from '../../core/record.ts';
import type { Result } from '../../core/result.ts';
import type { ServiceFacts } from '../../ports/deployer.ts';
import type { Stage, StageEnd, StageRun } from '../../ports/stage.ts';
import { readBack } from '../candidate-facts.ts';
import { candidateTag } from '../cause-keys.ts';
import { checkHealth } from '../check-health.ts';
import { comesUpServing } from '../coming-up.ts';
import { readServices } from '../deploy-revision.ts';
import { judgedWorktree } from '../judged-place.ts';
import type { StageParts } from '../parts.ts';
import { inOrderOfNeeds } from '../scope.ts';
import { problemOf } from '../trouble.ts';
import { noCandidateBecause } from './candidate-kinds.ts';
import { candidateOf } from './candidate-row.ts';
import { movedElsewhere, unasked } from './moved-by-command.ts';

type Parts = Pick<
  StageParts,
  | 'environment'
  | 'pipeline'
  | 'deployer'
  | 'builder'
  | 'tester'
  | 'repository'
  | 'logs'
  | 'health'
  | 'variables'
  | 'path'
  | 'options'
  | 'sleep'
>;
type All = ReadonlyMap<string, ServiceFacts>;

/** Makes a candidate of every stale service, without traffic where the service has a tag, in the order of their needs. */
export function deploying(parts: Parts): Stage<'deploying'> {
  return async (run) => {
    const head = run.record.run.head ?? '';
    const services = await readServices(parts, run.signal);
    if (!services.ok) {
      const problems = [...run.record.problems, problemOf('deploying', services.failure, true)];
      return end('platform-refused', { problems }, services.failure.message);
    }
    const stable = run.record.deployments.filter((one) => one.role === 'stable');
    const stale = stable.filter((one) => parts.options.deploy === 'always' || !one.decision.includes('is fresh'));
    const names = stale.map((one) => one.service).filter((name) => mayDeploy(name, parts, run));
    const place = await placeFor(names, services.value, parts, run);
    if (!place.ok) {
      const problems = [...run.record.problems, problemOf('deploying', place.failure, true)];
      return end('platform-refused', { problems }, place.failure.message);
    }
    const { cwd, before } = place;
    const candidates: Deployment[] = [];
    for (const group of inOrderOfNeeds(names, parts.environment.services)) {
      const work = (service: string) => candidateOf({ service, head, all: services.value, cwd }, parts, run);
      candidates.push(...(await atMost(parts.environment.limits.deploysAtOnce, group, work)));
    }
    const health = [...before, ...(await referenceHealth(deadOf(candidates, before), services.value, parts, run))];
    const allocated = await withAllocation(candidates, stable, parts, run);
    const taken = allocated.flatMap((one) => trafficTaken(one, stable, run));
    const elsewhere = cwd === null ? [] : await movedElsewhere(names, taken, services.value, parts, run);
    const moves = [...taken, ...elsewhere.map(({ move }) => move)];
    const patch = {
      problems: [
        ...run.record.problems,
        ...elsewhere.map(({ problem }) => problem),
        ...unasked(allocated, stable, parts),
      ],
      deployments: [...stable, ...allocated],
      health: [...run.record.health, ...health],
      trafficMoves: [...run.record.trafficMoves, ...moves],
    };
    const bad = badWithTraffic(allocated, health) || (await takesTrafficLater(allocated, parts, run));
    return end(resultOf(candidates), patch, sentence(candidates), bad);
  };
}

function mayDeploy(name: string, parts: Parts, run: StageRun): boolean {
  const because = noCandidateBecause(parts.environment.services[name]?.candidate ?? 'none', parts.options);
  if (because !== null) run.note(`${name} is not deployed: ${because}`);
  return because === null;
}

/** What is said of a candidate is what the platform has of it, read back; a platform that cannot be read now proves no rung. */
async function withAllocation(
  candidates: readonly Deployment[],
  stable: readonly Deployment[],
  parts: Parts,
  run: StageRun,
): Promise<Deployment[]> {
  const services = await readServices(parts, run.signal);
  const facts = services.ok ? services.value : new Map<string, ServiceFacts>();
  const rows = await readBack(
    candidates,
    { tag: (one) => askedTag(one, facts, parts, run), stable },
    facts,
    parts,
    run,
  );
  for (const { how, failure, revision, traffic } of rows) {
    const isReached = traffic.some((share) => share.tag !== null || share.percent > 0);
    if (how !== 'command' || failure !== null || isReached) continue;
    run.note(`${revision} has neither a tag nor traffic, so that no suite can reach it: hand --tag $LOOP_TAG on`);
  }
  return rows;
}

/** The tag that a candidate was asked to have, by whatever name a command gave it; null for all of the traffic. */
function askedTag(candidate: Deployment, facts: All, parts: Parts, run: StageRun): string | null {
  const config = parts.environment.services[candidate.service];
  if (config?.candidate !== 'tag') return null;
  const tag = candidateTag(run.record.run.head ?? '');
  if (candidate.how !== 'command') return tag;
  const shares = facts.get(config.cloudRun)?.traffic.filter(({ revision }) => revision === candidate.revision);
  return shares?.find((one) => one.tag !== null && one.percent === 0)?.tag ?? tag;
}

/** A candidate that cannot have a tag takes the traffic: a move of this run's own. */
function trafficTaken(candidate: Deployment, stable: readonly Deployment[], run: StageRun): TrafficMove[] {
  const { service, revision, traffic, evidence } = candidate;
  const from = stable.find((one) => one.service === service)?.revision ?? 'nothing';
  if (revision === null || from === revision || !traffic.some((share) => share.percent > 0)) return [];
  const why =
    candidate.how === 'command'
      ? 'deployed: the deploy command moved it'
      : 'deployed: its candidate cannot be reached without traffic';
  const percent = Math.min(
    100,
    traffic.reduce((sum, share) => sum + share.percent, 0),
  );
  const move = { ...blankMove, at: run.now().toISOString(), service, from, to: revision, percent };
  const allocation = traffic.some((share) => share.latest && share.percent > 0) ? ('latest' as const) : 'revision';
  return [{ ...move, allocation, why, verified: percent === 100, evidence }];
}

/**
 * What must be there before anything is deployed: the judged commit's worktree for a deploy command, and how the reference answers
 * while it still has its traffic. A command, or a candidate without a tag, may take that from it; then nobody could ask it any more.
 */
async function placeFor(
  names: readonly string[],
  all: All,
  parts: Parts,
  run: StageRun,
): Promise<{ ok: true; cwd: string | null; before: Health[] } | Extract<Result<never>, { ok: false }>> {
  if (parts.pipeline.deploy.how !== 'command' || names.length === 0) {
    const takesTraffic = names.filter((name) => parts.environment.services[name]?.candidate === 'traffic');
    return { ok: true, cwd: null, before: await referenceHealth(takesTraffic, all, parts, run) };
  }
  const commit = run.record.run.head ?? '';
  const worktree = await parts.repository.worktree({ name: judgedWorktree(run), commit, branch: null }, run.signal);
  if (!worktree.ok) return worktree;
  return { ok: true, cwd: worktree.value, before: await referenceHealth(names, all, parts, run) };
}

/** Of these it matters whether the reference answers; not of those whose reference was asked before. */
function deadOf(candidates: readonly Deployment[], before: readonly Health[]): string[] {
  const asked = (service: string) => before.some((one) => one.service === service);
  const dead = candidates.filter(
    ({ service, failure }) => failure !== null && !isRefusal(failure.code) && !asked(service),
  );
  return dead.map(({ service }) => service);
}

/** Whose fault a deployment that failed is depends on whether the reference still answers. */
async function referenceHealth(names: readonly string[], all: All, parts: Parts, run: StageRun): Promise<Health[]> {
  const answers = names.flatMap((service) => {
    const url = all.get(parts.environment.services[service]?.cloudRun ?? service)?.url;
    return url ? [checkHealth({ key: `${run.key}/reference`, service, role: 'stable', url }, parts, run)] : [];
  });
  return (await Promise.all(answers)).flat();
}

/** First do no harm: a revision that did not come up and has traffic all the same, while the reference was well. */
function badWithTraffic(candidates: readonly Deployment[], health: readonly Health[]): boolean {
  return candidates.some(({ service, failure, traffic }) => {
    const reference = health.filter((one) => one.service === service && one.role === 'stable');
    const well = reference.length > 0 && reference.every((one) => one.ok);
    return failure !== null && well && traffic.some((share) => share.percent > 0);
  });
}

/** A revision that was not ready in time and shall have traffic: it would take it while nobody looks. */
async function takesTrafficLater(candidates: readonly Deployment[], parts: Parts, run: StageRun): Promise<boolean> {
  const late = candidates.filter((one) => one.failure !== null);
  const services = late.length > 0 ? await readServices(parts, run.signal) : null;
  for (const { service } of late) {
    const facts = services?.ok && services.value.get(parts.environment.services[service]?.cloudRun ?? service);
    if (facts && (await comesUpServing(facts, parts, run)).length > 0) return true;
  }
  return false;
}

function resultOf(candidates: readonly Deployment[]): 'up' | 'partly' | 'none-up' | 'platform-refused' {
  const failed = candidates.filter((one) => one.failure !== null);
  if (failed.length === 0) return 'up';
  if (failed.length < candidates.length) return 'partly';
  return failed.every((one) => isRefusal(one.failure?.code ?? '')) ? 'platform-refused' : 'none-up';
}

function sentence(candidates: readonly Deployment[]): string {
  if (candidates.length === 0) return 'nothing to deploy';
  const told = candidates.map((one) =>
    one.failure
      ? `${one.service} failed: ${bootWords(one.failure.boot) ?? one.failure.message}`
      : `${one.service} ${one.revision}${wasThere(one)}`,
  );
  return told.join('; ');
}

/** What an earlier run or attempt made is not told as made now. */
function wasThere({ decision }: Deployment): string {
  return decision.endsWith('is reused') ? ' (reused)' : '';
}

function end(
  result: ReturnType<typeof resultOf>,
  patch: StageEnd<'deploying'>['patch'],
  said: string,
  badRevisionHasTraffic = false,
): StageEnd<'deploying'> {
  return { facts: { result, badRevisionHasTraffic }, patch, said, ok: result === 'up' };
}
