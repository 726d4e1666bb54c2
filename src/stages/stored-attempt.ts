import { z } from 'zod';
import type { StageRun } from '../ports/stage.ts';

/** What the stages read back of an attempt; the artefact holds more. */
const StoredAttempt = z.object({
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  traceparent: z.string(),
  passed: z.array(z.string()),
});
type StoredAttempt = z.infer<typeof StoredAttempt>;

/** The attempt that a suite was judged by, from its artefact; null where it did not run. */
export async function storedAttempt(
  suite: { readonly evidence: readonly string[] },
  run: StageRun,
): Promise<StoredAttempt | null> {
  const evidence = suite.evidence[0] ? await run.evidence(suite.evidence[0]) : null;
  if (evidence?.kind !== 'attempt') return null;
  return StoredAttempt.parse(JSON.parse(Buffer.from(await run.artifacts.read(evidence.path)).toString('utf8')));
}
