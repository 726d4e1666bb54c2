import { fail, type Result, succeed } from '../core/result.ts';
import type { Decision, RunStore, StoredRun } from '../ports/run-store.ts';
import { isResumable } from '../runtime/resume-run.ts';
import { findRun, isWorkedOn } from './find-run.ts';
import { type Host, refuse, say } from './host.ts';
import { openExistingStore } from './open-store.ts';
import { resume } from './resume.ts';

export interface DecideCommand {
  readonly what: Decision['what'];
  readonly run: string;
  readonly env: string;
  readonly json: boolean;
  readonly yes: boolean;
}

const runsLookedAt = 100;

/** `loop approve|reject|cancel RUN`: a person's word, written down; the run goes on by it unless a process works on it already. */
export async function decideCommand(asked: DecideCommand, host: Host): Promise<number> {
  const store = await openExistingStore(host, asked.env);
  if (!store.ok) return refuse(host, store.failure);
  try {
    const run = await runToDecide(store.value, asked);
    if (!run.ok) return refuse(host, run.failure);
    return await decide(run.value, asked, store.value, host);
  } finally {
    await store.value.close();
  }
}

/** `last` is the newest that a word can be given to. */
async function runToDecide(store: RunStore, { run, what }: DecideCommand): Promise<Result<StoredRun>> {
  if (run !== 'last') return findRun(store, run);
  const newest = (await store.list(runsLookedAt)).find((one) => refusalOf(one, what) === null);
  return newest ? succeed(newest) : fail('usage', `there is no run to ${what}`, 'loop list shows all runs');
}

async function decide(run: StoredRun, asked: DecideCommand, store: RunStore, host: Host): Promise<number> {
  const { what } = asked;
  const refusal = refusalOf(run, what);
  if (refusal !== null) return refuse(host, fail('usage', refusal, `look at it with: loop status ${run.id}`).failure);
  await store.decide({ run: run.id, what, at: host.clock.now().toISOString() });
  if (await isWorkedOn(store, run)) {
    say(host, `${what} is noted; the process that works on run ${run.id} takes it up`);
    return 0;
  }
  return resume(run, asked, store, host);
}

function refusalOf({ id, state }: StoredRun, what: Decision['what']): string | null {
  if (what === 'cancel') return isResumable({ state }) ? null : `run ${id} is ${state}: there is nothing to cancel`;
  return state === 'parked' ? null : `run ${id} is ${state}: it does not wait for a word`;
}
