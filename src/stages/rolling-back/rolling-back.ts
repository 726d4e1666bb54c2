import type { Problem, TrafficMove } from '../../core/record.ts';
import type { Failure } from '../../core/result.ts';
import type { Stage, StageEnd, StageRun } from '../../ports/stage.ts';
import { readServices } from '../deploy-revision.ts';
import { type Moved, moveTraffic } from '../move-traffic.ts';
import type { StageParts } from '../parts.ts';
import { type GoingBack, goingBack } from './going-back.ts';

type Parts = Pick<StageParts, 'environment' | 'deployer' | 'sleep'>;

const triesMax = 3;
const pauseMs = 1_000;

/** First do no harm: traffic goes back to what served before, retried, and shouted when it fails. */
export function rollingBack(parts: Parts): Stage<'rollingBack'> {
  return async (run) => {
    const decidedAt = run.now();
    const services = await readServices(parts, run.signal);
    if (!services.ok) return notMoved([shout(null, services.failure, parts)], [], run);
    const back = await goingBack(services.value, parts, run);
    const migrating = back.filter(({ service }) => parts.environment.services[service]?.hasMigrations);
    if (migrating.length > 0 && !run.task.trafficApproved) return forbidden(migrating, parts, run);
    const moves: TrafficMove[] = [];
    const problems: Problem[] = [];
    for (const one of back) {
      const moved = await patiently(one, decidedAt, parts, run);
      if (one.sick !== null) await rememberBad(one, one.sick, run);
      if (moved.ok) moves.push({ ...moved.move, note: lostSplit(one, run) ?? moved.move.note });
      else problems.push(shout(one, moved.failure, parts));
    }
    if (problems.length > 0) return notMoved(problems, moves, run);
    const patch = { trafficMoves: [...run.record.trafficMoves, ...moves] };
    return { facts: { result: 'moved' }, patch, said: sentence(moves), ok: true };
  };
}

async function patiently(one: GoingBack, decidedAt: Date, parts: Parts, run: StageRun): Promise<Moved> {
  for (let attempt = 1; ; attempt += 1) {
    const { service, from, to, why } = one;
    const key = `${run.key}/${service}/${attempt}`;
    const moved = await moveTraffic({ key, service, from, to, percent: 100, why, decidedAt, byName: true }, parts, run);
    if (moved.ok || attempt === triesMax) return moved;
    await parts.sleep(pauseMs * attempt, run.signal);
  }
}

/** Everything goes to one revision: where the run found a split, a person must know which one to restore. */
function lostSplit({ service, platform }: GoingBack, run: StageRun): string | null {
  const stable = run.record.deployments.find((one) => one.service === service && one.role === 'stable');
  const found = new Map<string, number>();
  for (const { revision, percent } of stable?.traffic ?? []) {
    if (revision !== null && percent > 0) found.set(revision, (found.get(revision) ?? 0) + percent);
  }
  if (found.size < 2) return null;
  const shares = [...found].map(([revision, percent]) => `${revision}=${percent}`).join(',');
  return `the split that was found is not restored: gcloud run services update-traffic ${platform} --to-revisions ${shares}`;
}

/** It had traffic and was not healthy where the reference was: it is not given any again. */
function rememberBad({ service, from: revision }: GoingBack, sick: string, run: StageRun): Promise<void> {
  const at = run.now().toISOString();
  const because = `with traffic: ${sick}`;
  return run.memory.rememberBad({ service, revision, run: run.record.run.id, at, because });
}

/** Across a migration only a person sends traffic back. Whoever cancelled the run is not asked: it is said, loudly. */
function forbidden(migrating: readonly GoingBack[], parts: Parts, run: StageRun): StageEnd<'rollingBack'> {
  const names = migrating.map((one) => one.service).join(', ');
  const said = `${names} declares migrations: a person must say whether traffic goes back`;
  const facts = { result: 'migration-forbids' } as const;
  if (run.task.cancelled) {
    const failure: Failure = { code: 'conflict', message: 'it declares migrations, and the run was cancelled' };
    const problems = migrating.map((one) => shout(one, failure, parts));
    return { facts, patch: { problems: [...run.record.problems, ...problems] }, said, ok: false };
  }
  const at = run.now().toISOString();
  const approvals = [...run.record.approvals, { what: 'traffic', decision: 'asked' as const, at }];
  return { facts, patch: { approvals }, said, ok: false };
}

function notMoved(problems: readonly Problem[], moves: readonly TrafficMove[], run: StageRun): StageEnd<'rollingBack'> {
  const patch = {
    problems: [...run.record.problems, ...problems],
    trafficMoves: [...run.record.trafficMoves, ...moves],
  };
  const said = problems.map((one) => one.message).join('; ');
  return { facts: { result: 'failed' }, patch, said, ok: false };
}

/** Nobody may overlook it: what still serves, and the command that ends it. */
function shout(one: GoingBack | null, { code, message }: Failure, { environment }: Parts): Problem {
  const where = `--region ${environment.region} --project ${environment.project}`;
  const what = one === null ? '' : ` of ${one.service} FROM ${one.from} to ${one.to}`;
  return {
    stage: 'rollingBack',
    code,
    message: `TRAFFIC${what} WAS NOT MOVED BACK: ${message}`,
    hint:
      one === null
        ? 'look at what serves, and move the traffic back by hand'
        : `move it: gcloud run services update-traffic ${one.platform} --to-revisions ${one.to}=100 ${where}`,
    blocks: false,
  };
}

function sentence(moves: readonly TrafficMove[]): string {
  if (moves.length === 0) return 'no bad revision has traffic any more';
  return moves
    .map(({ service, to, tookMs }) => {
      const after = tookMs === null ? '' : ` after ${(tookMs / 1000).toFixed(1)} s`;
      return `${service} serves ${to} again${after}`;
    })
    .join('; ');
}
