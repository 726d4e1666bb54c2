import type { FixOutcome } from '../core/words.ts';
import type { Memory } from '../ports/memory.ts';
import type { StageRun } from '../ports/stage.ts';

type Attempts = Awaited<ReturnType<Memory['fixAttempts']>>;

/** How an attempt stands in memory from its first moment: one that never ends, for a crash or the clock, was tried all the same. */
export const begunFix = {
  outcome: 'budget' satisfies FixOutcome,
  held: false,
  commit: null,
  because: 'it did not end',
} as const;

/** The fixes of a cause that count, over all runs. One that this run began and could not finish, since someone else changed the ground, is begun again. */
export async function triedFixes(fingerprint: string, run: Pick<StageRun, 'memory' | 'record'>): Promise<Attempts> {
  const attempts = await run.memory.fixAttempts(fingerprint);
  const { id } = run.record.run;
  return attempts.filter(
    (one) => one.run !== id || one.outcome !== begunFix.outcome || one.because !== begunFix.because,
  );
}
