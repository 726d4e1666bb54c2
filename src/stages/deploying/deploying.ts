import { blankDeployment, blankMove } from '../../core/blank-rows.ts';
import { isRefusal } from '../../core/platform-refusals.ts';
import type { Deployment, Health, TrafficMove } from '../../core/record.ts';
import type { Stage, StageEnd, StageRun } from '../../ports/stage.ts';
import { readBack } from '../candidate-facts.ts';
import { candidateTag } from '../cause-keys.ts';
import { checkHealth } from '../check-health.ts';
import { deployRevision, readServices } from '../deploy-revision.ts';
import type { StageParts } from '../parts.ts';
import { inOrderOfNeeds } from '../scope.ts';
import { problemOf } from '../trouble.ts';
import { noCandidateBecause } from './candidate-kinds.ts';

type Parts = Pick<
  StageParts,
  'environment' | 'pipeline' | 'deployer' | 'builder' | 'health' | 'repository' | 'variables' | 'options' | 'sleep'
>;

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
    const candidates: Deployment[] = [];
    for (const group of inOrderOfNeeds(names, parts.environment.services)) {
      candidates.push(...(await Promise.all(group.map((name) => candidateOf(name, head, services.value, parts, run)))));
    }
    const health = await referenceHealth(candidates, services.value, parts, run);
    const allocated = await withAllocation(candidates, stable, parts, run);
    const moves = allocated.flatMap((one) => trafficTaken(one, stable, run));
    const patch = {
      deployments: [...stable, ...allocated],
      health: [...run.record.health, ...health],
      trafficMoves: [...run.record.trafficMoves, ...moves],
    };
    return end(resultOf(candidates), patch, sentence(candidates));
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
  const tag = (service: string) =>
    parts.environment.services[service]?.candidate === 'tag' ? candidateTag(run.record.run.head ?? '') : null;
  return readBack(candidates, { tag, stable }, services.ok ? services.value : new Map(), parts, run);
}

/** A candidate that cannot have a tag takes the traffic: a move of this run's own. */
function trafficTaken(candidate: Deployment, stable: readonly Deployment[], run: StageRun): TrafficMove[] {
  const { service, revision, traffic, evidence } = candidate;
  const from = stable.find((one) => one.service === service)?.revision ?? 'nothing';
  if (revision === null || from === revision || !traffic.some((share) => share.percent > 0)) return [];
  const why = 'deployed: its candidate cannot be reached without traffic';
  const verified = traffic.reduce((sum, share) => sum + share.percent, 0) === 100;
  return [{ ...blankMove, at: run.now().toISOString(), service, from, to: revision, why, verified, evidence }];
}

async function candidateOf(
  name: string,
  head: string,
  all: Parameters<typeof deployRevision>[0]['all'],
  parts: Parts,
  run: StageRun,
): Promise<Deployment> {
  const request = { key: `${run.key}/${name}`, service: name, commit: head, tag: candidateTag(head), all };
  const stored = await deployRevision(request, parts, run);
  const base = { ...blankDeployment, service: name, role: 'candidate' as const, commit: head };
  if (!stored.ok) {
    return {
      ...base,
      decision: `${name} could not be deployed at ${head.slice(0, 12)}`,
      failure: { code: stored.failure.code, message: stored.failure.message, boot: null },
      evidence: stored.evidence ? [stored.evidence] : [],
    };
  }
  const { revision, digest, reused, evidence } = stored.value;
  const decision = reused
    ? `${name}: the ready candidate ${revision.name} of HEAD is reused`
    : `${name}: ${revision.name} was deployed at HEAD ${head.slice(0, 12)}`;
  return {
    ...base,
    revision: revision.name,
    image: revision.image,
    digest,
    commitFrom: revision.commitFrom,
    decision,
    ageSeconds: Math.max(0, Math.round((run.now().getTime() - Date.parse(revision.createdAt)) / 1000)),
    evidence: [evidence],
  };
}

/** Whose fault a deployment that failed is depends on whether the reference still answers. */
async function referenceHealth(
  candidates: readonly Deployment[],
  all: Parameters<typeof deployRevision>[0]['all'],
  parts: Parts,
  run: StageRun,
): Promise<Health[]> {
  const failed = candidates.filter((one) => one.failure !== null && !isRefusal(one.failure.code));
  const answers = failed.flatMap(({ service }) => {
    const url = all.get(parts.environment.services[service]?.cloudRun ?? service)?.url;
    return url ? [checkHealth({ key: `${run.key}/reference`, service, role: 'stable', url }, parts, run)] : [];
  });
  return (await Promise.all(answers)).flat();
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
    one.failure ? `${one.service} failed: ${one.failure.message}` : `${one.service} ${one.revision}`,
  );
  return told.join('; ');
}

function end(
  result: ReturnType<typeof resultOf>,
  patch: StageEnd<'deploying'>['patch'],
  said: string,
): StageEnd<'deploying'> {
  return { facts: { result, badRevisionHasTraffic: false }, patch, said, ok: result === 'up' };
}
