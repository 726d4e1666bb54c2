import type { Deployment, Health, Problem, TrafficMove } from '../../core/record.ts';
import type { ServiceFacts } from '../../ports/deployer.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import { checkHealth } from '../check-health.ts';
import { readServices } from '../deploy-revision.ts';
import { foreignChanges } from '../foreign-changes.ts';
import { moveTraffic } from '../move-traffic.ts';
import type { StageParts } from '../parts.ts';
import { inOrderOfNeeds } from '../scope.ts';
import { testedCandidates } from '../tested-candidates.ts';
import { problemOf } from '../trouble.ts';

type Parts = Pick<StageParts, 'environment' | 'pipeline' | 'selection' | 'deployer' | 'logs' | 'health' | 'sleep'>;

/** Traffic to the candidates that met every gate, unless someone else changed the ground that they were tested on. */
export function promoting(parts: Parts): Stage<'promoting'> {
  return async (run) => {
    const foreign = await foreignChanges(parts, run);
    if (foreign.voids) {
      const said = `not promoted: ${foreign.said}`;
      return { facts: { result: 'held', foreign: true }, patch: foreign.patch, said, ok: false };
    }
    const end = await promoteAll(parts)({ ...run, record: { ...run.record, ...foreign.patch } });
    return { ...end, patch: { ...foreign.patch, ...end.patch } };
  };
}

/** Service by service in the order of needs, each watched before the next. */
function promoteAll(parts: Parts): Stage<'promoting'> {
  return async (run) => {
    const services = await readServices(parts, run.signal);
    if (!services.ok) {
      const problems = [...run.record.problems, problemOf('promoting', services.failure, false)];
      return {
        facts: { result: 'held', foreign: false },
        patch: { problems },
        said: `not promoted: ${services.failure.message}`,
        ok: false,
      };
    }
    const moves: TrafficMove[] = [];
    const candidates = testedCandidates(run.record);
    const order = inOrderOfNeeds(
      candidates.map((one) => one.service),
      parts.environment.services,
    ).flat();
    for (const service of order) {
      const candidate = candidates.find((one) => one.service === service);
      const outcome = candidate ? await promote(candidate, services.value, parts, run) : null;
      if (!outcome) continue;
      moves.push(...outcome.moves);
      if (!outcome.held) return end(run, 'worse', moves, `${service}: ${outcome.because}`);
    }
    return end(
      run,
      'held',
      moves,
      moves.map((move) => `${move.service} serves ${move.to}`).join('; ') || 'nothing to move',
    );
  };
}

async function promote(
  candidate: Deployment,
  services: ReadonlyMap<string, ServiceFacts>,
  parts: Parts,
  run: StageRun,
) {
  const { service, revision } = candidate;
  const facts = services.get(parts.environment.services[service]?.cloudRun ?? service);
  if (!facts || !revision || facts.serving === revision) return null;
  const bad = await run.memory.badRevision(service, revision);
  if (bad) return { held: false, because: `${revision} was found bad before: ${bad}`, moves: [] };
  const request = {
    key: `${run.key}/${service}`,
    service,
    from: facts.serving ?? 'nothing',
    to: revision,
    why: 'promoted: every gate was met',
  };
  run.progress(`moving the traffic of ${service} to ${revision}`);
  const moved = await moveTraffic(request, parts, run);
  if (!moved.ok) return { held: false, because: moved.message, moves: [] };
  const watched = await watch(service, facts.url, parts, run);
  const sick = watched.find((one) => !one.ok);
  if (sick) await rememberBad(service, revision, sick.because, run);
  return { held: sick === undefined, because: sick?.because ?? 'held', moves: [moved.move] };
}

/** Asked at once, and again after the time that makes a revision STABLE. */
async function watch(service: string, url: string | null, parts: Parts, run: StageRun): Promise<Health[]> {
  if (!url) return [];
  const request = { service, role: 'candidate' as const, url, retries: 0 };
  const first = await checkHealth({ ...request, key: `${run.key}/watch/1` }, parts, run);
  if (first.some((one) => !one.ok)) return first;
  await parts.sleep(parts.pipeline.deploy.stableForSeconds * 1000, run.signal);
  return checkHealth({ ...request, key: `${run.key}/watch/2` }, parts, run);
}

/** What did not hold under traffic is not given traffic again by the next run. */
function rememberBad(service: string, revision: string, because: string, run: StageRun): Promise<void> {
  const at = run.now().toISOString();
  return run.memory.rememberBad({ service, revision, run: run.record.run.id, at, because: `with traffic: ${because}` });
}

/** The judge reads it: what got worse with traffic is NO-GO, whatever the tests said. */
function worse(message: string): Problem {
  return {
    stage: 'promoting',
    code: 'worse',
    message: `the promotion did not hold: ${message}`,
    hint: null,
    blocks: false,
  };
}

function end(run: StageRun, result: 'held' | 'worse', moves: readonly TrafficMove[], said: string) {
  const moved = new Set(moves.map((move) => move.to));
  const deployments = run.record.deployments.map((one) =>
    one.role === 'candidate' && one.revision && moved.has(one.revision)
      ? { ...one, traffic: one.traffic.map((share) => ({ ...share, percent: 100 })) }
      : one,
  );
  return {
    facts: { result, foreign: false },
    patch: {
      trafficMoves: [...run.record.trafficMoves, ...moves],
      deployments,
      ...(result === 'worse' ? { problems: [...run.record.problems, worse(said)] } : {}),
    },
    said: result === 'held' ? said : `worse, traffic goes back: ${said}`,
    ok: result === 'held',
  };
}
