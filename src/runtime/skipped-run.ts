import { exitCodes } from '../core/exit-code.ts';
import type { RunStore, StoredRun } from '../ports/run-store.ts';
import { newRun, type StartParts, type StartRequest } from './start-run.ts';

/** A run that was due and did not begin: it is in the list with its reason, so that nobody takes silence for a run. */
export async function storeSkippedRun(
  request: StartRequest,
  because: string,
  parts: Pick<StartParts, 'clock' | 'random'> & { store: RunStore },
): Promise<StoredRun> {
  const run = newRun(request, parts);
  const state = 'cancelled' as const;
  const ended = { state, endedAt: run.startedAt, exitCode: exitCodes.locked };
  const problem = { stage: 'preparing', code: 'locked', message: because, hint: null, blocks: false };
  const record = { ...run.record, run: { ...run.record.run, ...ended }, problems: [problem] };
  const skipped = { ...run, state, endedAt: run.startedAt, record };
  await parts.store.create(skipped, run.startedAt);
  return skipped;
}
