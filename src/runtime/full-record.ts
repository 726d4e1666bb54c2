import type { RunRecord } from '../core/record.ts';
import type { RunStore } from '../ports/run-store.ts';

/** The record with what lives in rows of its own: evidence and execution log. */
export async function fullRecord(store: RunStore, run: string, record: RunRecord): Promise<RunRecord> {
  const [evidence, events] = [await store.evidence(run), await store.events(run)];
  const log = events.flatMap(({ at, event }) => {
    if (event.type === 'note') return [{ at, stage: event.stage as string, what: event.what }];
    return event.type === 'stage-ended' ? [{ at, stage: event.stage as string, what: event.said }] : [];
  });
  return { ...record, evidence: [...evidence], log };
}
