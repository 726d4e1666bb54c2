import type { RunRecord } from '../core/record.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { RunStore, StoredRun } from '../ports/run-store.ts';
import { fullRecord } from '../runtime/full-record.ts';

const runsLookedAt = 1_000;
const candidatesShown = 5;

/** A run by its id, a prefix that only it has, or `last` (also when nothing is said). */
export async function findRun(store: RunStore, asked: string | undefined): Promise<Result<StoredRun>> {
  const exact = asked === undefined ? null : await store.read(asked);
  if (exact !== null) return succeed(exact);
  const runs = await store.list(runsLookedAt);
  const [newest] = runs;
  if (newest === undefined) return fail('not-found', 'there is no run yet', 'start one with: loop --focus all');
  if (asked === undefined || asked === 'last') return succeed(newest);
  const found = runs.filter(({ id }) => id.startsWith(asked));
  const [first, second] = found;
  if (first === undefined)
    return fail('not-found', `there is no run ${asked}`, `the newest is ${newest.id}; loop list shows all`);
  if (second === undefined) return succeed(first);
  const ids = found.slice(0, candidatesShown).map(({ id }) => id);
  return fail('usage', `${found.length} runs begin with ${asked}`, ids.join(', '));
}

/** The whole record. A run that nobody works on any more is not called running, whatever its last row says. */
export async function knownRecord(store: RunStore, run: StoredRun): Promise<RunRecord> {
  const record = await fullRecord(store, run.id, run.record);
  if (run.state !== 'running' || (await isWorkedOn(store, run))) return record;
  const next = {
    what: `loop resume ${run.id}`,
    who: 'person' as const,
    because: 'the process that worked on it is gone',
  };
  return { ...record, run: { ...record.run, state: 'interrupted' }, next: [...record.next, next] };
}

export async function isWorkedOn(store: RunStore, run: StoredRun): Promise<boolean> {
  const holder = await store.leaseHolder(run.environment);
  return holder?.run === run.id;
}
