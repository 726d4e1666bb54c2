import type { ReadEvidence } from '../analysis/measured-conditions.ts';
import type { StageRun } from '../ports/stage.ts';

/** Reads a run's own artefacts back. What is large and nobody reads again (console, reports) is left where it lies. */
export function evidenceText(run: Pick<StageRun, 'evidence' | 'artifacts'>): ReadEvidence {
  return async (id) => {
    const evidence = await run.evidence(id);
    if (evidence === null) return null;
    const isRead = evidence.kind === 'attempt' || evidence.kind === 'requests';
    const text = isRead ? Buffer.from(await run.artifacts.read(evidence.path)).toString('utf8') : '';
    return { kind: evidence.kind, text };
  };
}
