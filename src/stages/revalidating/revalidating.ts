import type { Stage } from '../../ports/stage.ts';
import { readServices } from '../deploy-revision.ts';
import type { StageParts } from '../parts.ts';

type Parts = Pick<StageParts, 'environment' | 'repository' | 'deployer' | 'ref'>;

/** After a person's word: is the world still the one that the word was given for? HEAD and what serves must be what they were. */
export function revalidating(parts: Parts): Stage<'revalidating'> {
  return async (run) => {
    const head = await parts.repository.fetch(parts.ref, run.signal);
    const services = await readServices(parts, run.signal);
    if (!head.ok || !services.ok)
      return { facts: { unchanged: false }, patch: {}, said: 'the state could not be read again', ok: false };
    const changes = run.record.deployments
      .filter((one) => one.role === 'stable')
      .filter((one) => {
        const facts = services.value.get(parts.environment.services[one.service]?.cloudRun ?? one.service);
        return facts?.serving !== one.revision && !run.record.trafficMoves.some((move) => move.to === facts?.serving);
      })
      .map((one) => one.service);
    const moved = head.value !== run.record.run.head;
    const unchanged = !moved && changes.length === 0;
    const said = unchanged
      ? 'nothing has changed since it was asked'
      : moved
        ? `HEAD moved on to ${head.value.slice(0, 12)}`
        : `${changes.join(', ')} serve something else now`;
    const patch = moved ? { run: { ...run.record.run, head: head.value } } : {};
    return { facts: { unchanged }, patch, said, ok: unchanged };
  };
}
