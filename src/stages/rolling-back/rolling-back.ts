import type { TrafficMove } from '../../core/record.ts';
import type { Stage } from '../../ports/stage.ts';
import { readServices } from '../deploy-revision.ts';
import { moveTraffic } from '../move-traffic.ts';
import type { StageParts } from '../parts.ts';
import { problemOf } from '../trouble.ts';

type Parts = Pick<StageParts, 'environment' | 'deployer' | 'sleep'>;

const triesMax = 3;
const pauseMs = 1_000;

/** First do no harm: traffic goes back to what served before, retried, and shouted when it fails. */
export function rollingBack(parts: Parts): Stage<'rollingBack'> {
  return async (run) => {
    const services = await readServices(parts, run.signal);
    if (!services.ok) {
      const problems = [...run.record.problems, problemOf('rollingBack', services.failure, false)];
      return {
        facts: { result: 'failed' },
        patch: { problems },
        said: `TRAFFIC WAS NOT MOVED BACK: ${services.failure.message}`,
        ok: false,
      };
    }
    const back = run.record.deployments.flatMap((candidate) => {
      const serving = services.value.get(
        parts.environment.services[candidate.service]?.cloudRun ?? candidate.service,
      )?.serving;
      // What the control found red here and green there is bad in whichever role, and there is where the traffic goes.
      const found = run.record.control.find(
        (one) => one.means === 'revision' && one.candidate !== null && one.candidate.revision === candidate.revision,
      );
      const before =
        found?.reference?.revision ??
        run.record.deployments.find((one) => one.service === candidate.service && one.role === 'stable')?.revision;
      const isBad = candidate.role === 'candidate' || found !== undefined;
      const bad = isBad && candidate.revision !== null && candidate.revision === serving;
      return bad && before && before !== serving ? [{ service: candidate.service, from: serving, to: before }] : [];
    });
    const migrating = back.filter(({ service }) => parts.environment.services[service]?.hasMigrations);
    if (migrating.length > 0 && !run.task.trafficApproved) {
      const at = run.now().toISOString();
      const approvals = [...run.record.approvals, { what: 'traffic', decision: 'asked' as const, at }];
      const said = `${migrating.map((one) => one.service).join(', ')} declares migrations: a person must say whether traffic goes back`;
      return { facts: { result: 'migration-forbids' }, patch: { approvals }, said, ok: false };
    }
    const moves: TrafficMove[] = [];
    const failures: string[] = [];
    for (const one of back) {
      const moved = await patiently(`${run.key}/${one.service}`, one);
      if (moved.ok) moves.push(moved.move);
      else failures.push(`${one.service}: ${moved.message}`);
    }
    const result = failures.length > 0 ? 'failed' : 'moved';
    const patch = { trafficMoves: [...run.record.trafficMoves, ...moves] };
    const said = failures.length > 0 ? `TRAFFIC WAS NOT MOVED BACK: ${failures.join('; ')}` : sentence(moves);
    return { facts: { result }, patch, said, ok: failures.length === 0 };

    async function patiently(key: string, one: (typeof back)[number]) {
      for (let attempt = 1; ; attempt += 1) {
        const moved = await moveTraffic(
          { key: `${key}/${attempt}`, ...one, why: 'rolled back: the candidate is bad, the reference is good' },
          parts,
          run,
        );
        if (moved.ok || attempt === triesMax) return moved;
        await parts.sleep(pauseMs * attempt, run.signal);
      }
    }
  };
}

function sentence(moves: readonly TrafficMove[]): string {
  if (moves.length === 0) return 'no bad revision has traffic any more';
  return moves.map((move) => `${move.service} serves ${move.to} again`).join('; ');
}
