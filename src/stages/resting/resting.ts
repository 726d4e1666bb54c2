import type { RunRecord } from '../../core/record.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import { readServices } from '../deploy-revision.ts';
import type { StageParts } from '../parts.ts';

type Parts = Pick<StageParts, 'environment' | 'pipeline' | 'repository' | 'deployer' | 'options' | 'ref' | 'sleep'>;

/**
 * Between two cycles: a pause, or, until green, a wait until HEAD or what serves has changed; loop does not merge, so a person must.
 * The next cycle judges HEAD as it is then.
 */
export function resting(parts: Parts): Stage<'resting'> {
  return async (run) => {
    const { untilGreen } = parts.options;
    const { seconds } = parts.pipeline.rest;
    // HEAD is held against the one that was judged: what was merged while the run was at work has changed already.
    const before = untilGreen ? { head: run.record.run.head, serving: (await worldNow(parts, run))?.serving } : null;
    for (;;) {
      run.progress(untilGreen ? 'waiting for a merge or a deployment' : 'resting before the next cycle');
      await parts.sleep(seconds * 1000, run.signal);
      if (run.signal.aborted) return { facts: { changed: false }, patch: {}, said: 'stopped while resting', ok: true };
      const now = await worldNow(parts, run);
      const patch = now === null ? {} : withHead(run.record, now.head);
      if (!untilGreen) return { facts: { changed: true }, patch, said: `rested ${seconds} s`, ok: true };
      if (now !== null && (now.head !== before?.head || now.serving !== (before.serving ?? now.serving)))
        return { facts: { changed: true }, patch, said: 'HEAD or what serves has changed', ok: true };
    }
  };
}

interface World {
  readonly head: string;
  /** The serving revision of each service, as one text. */
  readonly serving: string;
}

/** Null when it cannot be read now. */
async function worldNow(parts: Parts, run: StageRun): Promise<World | null> {
  const [head, services] = [await parts.repository.fetch(parts.ref, run.signal), await readServices(parts, run.signal)];
  if (!head.ok || !services.ok) return null;
  const serving = [...services.value.values()].map((facts) => `${facts.name} ${facts.serving}`).sort();
  return { head: head.value, serving: serving.join(', ') };
}

function withHead(record: Readonly<RunRecord>, head: string): Partial<RunRecord> {
  return { run: { ...record.run, head } };
}
