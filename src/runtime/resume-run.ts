import { fail, type Result } from '../core/result.ts';
import type { RunStore, StoredRun } from '../ports/run-store.ts';
import { type RunEnd, transitionKey } from './engine.ts';
import {
  firstSnapshot,
  type LoopSnapshot,
  type MachineEvent,
  machineStamp,
  nextSnapshot,
  restored,
} from './machine-driver.ts';
import { configSha256, type RunPlan } from './run-plan.ts';
import { lockedBy, type StartParts, withLease } from './start-run.ts';
import { workOnRun } from './work-on-run.ts';

export interface ResumeRequest {
  readonly run: StoredRun;
  readonly plan: RunPlan;
  /** Go on although the configuration changed since the run began. */
  readonly configMayDiffer: boolean;
}

/** Goes on with a run where its journal ends. Fails with `usage` when there is nothing to go on with, `locked`, or `config`. */
export async function resumeRun(request: ResumeRequest, parts: StartParts): Promise<Result<RunEnd>> {
  const { plan } = request;
  const { id, environment } = request.run;
  const known = request.run.record.run.configSha256;
  if (known !== null && known !== configSha256(plan) && !request.configMayDiffer) {
    const hint = 'undo the change, or go on with the new configuration: --yes';
    return fail('config', `the configuration is not the one that run ${id} began with`, hint);
  }
  const lease = parts.newToken();
  const at = parts.clock.now().toISOString();
  const taken = await parts.store.takeLease({ environment, run: id, token: lease, at });
  if (!taken.taken) return lockedBy(taken.holder, environment);
  return withLease(environment, lease, parts.store, async () => {
    // Read again: another loop may have finished it between our look and our lease.
    const run = await parts.store.read(id);
    if (run === null || !isResumable(run)) return notResumable(request.run, run);
    const start = await positionOf(run, plan, parts.store);
    return await workOnRun({ run: withoutOldSteps(run), plan, lease, resumed: true, start }, parts);
  });
}

export function isResumable(run: Pick<StoredRun, 'state'>): boolean {
  return run.state === 'interrupted' || run.state === 'parked' || run.state === 'running';
}

function notResumable(asked: StoredRun, now: StoredRun | null): Result<never> {
  return fail(
    'usage',
    `run ${asked.id} is ${now?.state ?? 'gone'}: there is nothing to resume`,
    'loop list shows all runs',
  );
}

/** The snapshot where this machine wrote it; else the journal is walked from the beginning. */
async function positionOf(
  run: StoredRun,
  plan: RunPlan,
  store: RunStore,
): Promise<{ snapshot: LoopSnapshot; transitions: number }> {
  const events: MachineEvent[] = [];
  for (;;) {
    const step = await store.step(run.id, transitionKey(events.length + 1));
    if (step === null) break;
    events.push(step.result as MachineEvent);
  }
  const snapshot =
    run.machine === machineStamp ? restored(run.snapshot) : events.reduce(nextSnapshot, firstSnapshot(plan.options));
  return { snapshot, transitions: events.length };
}

/** `loop resume …` was the next step while nobody worked on it. */
function withoutOldSteps(run: StoredRun): StoredRun {
  const next = run.record.next.filter(({ what, who }) => who === 'loop' || !what.includes(run.id));
  return { ...run, record: { ...run.record, next } };
}
