import { fail } from '../core/result.ts';
import type { StageRun } from '../ports/stage.ts';
import type { StageParts } from './parts.ts';

const forceHint = 'run with --force --override "REASON" to let it have traffic once more';

/**
 * Why a revision may not have traffic: it was found bad before. Null when it may, or when `--force` lets it; that is said in the
 * terminal, and `overrides` of the record has said it since the run began.
 */
export async function foundBad(
  service: string,
  revision: string,
  options: StageParts['options'],
  run: StageRun,
): Promise<ReturnType<typeof fail> | null> {
  const because = await run.memory.badRevision(service, revision);
  if (because === null) return null;
  if (options.force !== true) return fail('found-bad', `${revision} was found bad before: ${because}`, forceHint);
  run.note(`FORCED: ${revision} OF ${service} WAS FOUND BAD BEFORE AND MAY HAVE TRAFFIC AGAIN (${because})`);
  return null;
}

/**
 * The same for a candidate that would serve at once: neither a revision that was found bad nor a new one of the same commit with
 * the same settings, which would be it under another name.
 */
export async function refusedForBad(
  service: string,
  wanted: { service: string; commit: string; hash: string },
  parts: Pick<StageParts, 'deployer' | 'options'>,
  run: StageRun,
): Promise<ReturnType<typeof fail> | null> {
  const all = await parts.deployer.revisions(wanted.service, run.signal);
  if (!all.ok) return null;
  for (const one of all.value) {
    if (one.commit !== wanted.commit || one.configHash !== wanted.hash) continue;
    const bad = await foundBad(service, one.name, parts.options, run);
    if (bad !== null) return bad;
  }
  return null;
}
