import type { Failure } from '../../core/result.ts';
import { plain, proven } from '../../ports/journal.ts';
import type { StageRun } from '../../ports/stage.ts';
import type { StageParts } from '../parts.ts';

type Before = { ok: true; names: string[] } | { ok: false; failure: Failure };

/** What is there before the command runs, kept: only what is not in it can be the command's. */
export function revisionsBefore(
  key: string,
  cloudRun: string,
  parts: Pick<StageParts, 'deployer'>,
  run: StageRun,
): Promise<Before> {
  return run.journal.step<Before>(key, { cloudRun }, async () => {
    const listed = await parts.deployer.revisions(cloudRun, run.signal);
    // A service's first deployment has nothing before it.
    if (!listed.ok && listed.failure.code !== 'not-found') return plain(listed);
    const names = listed.ok ? listed.value.map(({ name }) => name) : [];
    const artifact = await run.artifacts.put({
      kind: 'revisions',
      source: `Cloud Run: revisions of ${cloudRun} before the deploy command`,
      at: run.now().toISOString(),
      content: JSON.stringify({ cloudRun, names }, null, 2),
      excerpt: `${names.length} revisions of ${cloudRun}`,
    });
    return proven(artifact, () => ({ ok: true, names }));
  });
}
