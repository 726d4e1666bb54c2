import type { Result } from '../../core/result.ts';
import type { RevisionFacts } from '../../ports/deployer.ts';
import type { StageParts } from '../parts.ts';
import { isPending, type OwnRevision, ownRevision } from './own-revision.ts';

type Parts = Pick<StageParts, 'pipeline' | 'deployer' | 'sleep'>;

const pauseMsFirst = 100;
const pauseMsMax = 2_000;
/** How long a platform may need until a revision is in its list, where the command gives no reason why it should not be. */
const listedMsMax = 1_500;

/**
 * Looks until the command's revision is settled: ready, or given up by the platform; at most `deploy.timeoutSeconds`. Where there
 * is none, `patient` looks again for a moment.
 */
export async function lookForOwn(
  request: { cloudRun: string; known: Parameters<typeof ownRevision>[1]; patient: boolean },
  parts: Parts,
  signal: AbortSignal,
): Promise<Result<OwnRevision>> {
  const settledMsMax = parts.pipeline.deploy.timeoutSeconds * 1000;
  let waitedMs = 0;
  for (let pauseMs = pauseMsFirst; ; pauseMs = Math.min(pauseMs * 1.5, pauseMsMax)) {
    const own = await readOwn(request, parts, signal);
    if (!own.ok || signal.aborted) return own;
    const limitMs = limitOf(own.value, request.patient, settledMsMax);
    if (waitedMs >= limitMs) return own;
    await parts.sleep(pauseMs, signal);
    waitedMs += pauseMs;
  }
}

function limitOf(own: OwnRevision, patient: boolean, settledMsMax: number): number {
  if (own.is === 'one') return isPending(own.revision) ? settledMsMax : 0;
  return patient && own.is === 'none' ? listedMsMax : 0;
}

async function readOwn(
  { cloudRun, known }: Parameters<typeof lookForOwn>[0],
  { deployer }: Parts,
  signal: AbortSignal,
): Promise<Result<OwnRevision>> {
  const listed = await deployer.revisions(cloudRun, signal);
  if (listed.ok) return { ok: true, value: ownRevision(listed.value, known) };
  const none: readonly RevisionFacts[] = [];
  return listed.failure.code === 'not-found' ? { ok: true, value: ownRevision(none, known) } : listed;
}
