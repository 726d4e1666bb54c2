import type { Stage, StageRun } from '../../ports/stage.ts';
import { readServices } from '../deploy-revision.ts';
import type { StageParts } from '../parts.ts';

type Parts = Pick<StageParts, 'environment' | 'pipeline' | 'repository' | 'deployer' | 'options' | 'ref' | 'sleep'>;

/** Between two cycles: a pause, or, until green, a wait until HEAD or what serves has changed. loop does not merge, so a person must. */
export function resting(parts: Parts): Stage<'resting'> {
  return async (run) => {
    const before = parts.options.untilGreen ? await stateOf(parts, run) : null;
    const pauseMs = parts.pipeline.rest.seconds * 1000;
    for (;;) {
      run.progress(before === null ? 'resting before the next cycle' : 'waiting for a merge or a deployment');
      await parts.sleep(pauseMs, run.signal);
      if (run.signal.aborted) return { facts: { changed: false }, patch: {}, said: 'stopped while resting', ok: true };
      if (before === null)
        return { facts: { changed: true }, patch: {}, said: `rested ${parts.pipeline.rest.seconds} s`, ok: true };
      const now = await stateOf(parts, run);
      if (now !== null && now !== before)
        return { facts: { changed: true }, patch: {}, said: 'HEAD or what serves has changed', ok: true };
    }
  };
}

async function stateOf(parts: Parts, run: StageRun): Promise<string | null> {
  const [head, services] = [await parts.repository.fetch(parts.ref, run.signal), await readServices(parts, run.signal)];
  if (!head.ok || !services.ok) return null;
  const serving = [...services.value.values()].map((facts) => `${facts.name} ${facts.serving}`).sort();
  return JSON.stringify([head.value, serving]);
}
