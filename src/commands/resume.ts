import type { Result } from '../core/result.ts';
import { fail, succeed } from '../core/result.ts';
import type { RunStore, StoredRun } from '../ports/run-store.ts';
import { isResumable, resumeRun } from '../runtime/resume-run.ts';
import { RunOptions } from '../runtime/run-options.ts';
import { loadPlan } from '../runtime/run-plan.ts';
import { findRun } from './find-run.ts';
import { type Host, refuse } from './host.ts';
import { openExistingStore } from './open-store.ts';
import { workIn } from './work.ts';

export interface ResumeCommand {
  readonly run: string | undefined;
  readonly env: string;
  readonly json: boolean;
  /** Go on although the configuration changed. */
  readonly yes: boolean;
}

/** `loop resume [RUN]`: goes on where the journal ends; the newest run that can be resumed, or the one that is named. */
export async function resumeCommand(asked: ResumeCommand, host: Host): Promise<number> {
  const store = await openExistingStore(host, asked.env);
  if (!store.ok) return refuse(host, store.failure);
  try {
    const run = await runToResume(store.value, asked.run);
    return run.ok ? await resume(run.value, asked, store.value, host) : refuse(host, run.failure);
  } finally {
    await store.value.close();
  }
}

/** Goes on with a run by the options that it was started with. */
export async function resume(
  run: StoredRun,
  { json, yes }: { json: boolean; yes: boolean },
  store: RunStore,
  host: Host,
): Promise<number> {
  const plan = await loadPlan(RunOptions.parse(run.options), { folder: host.project, env: host.env });
  if (!plan.ok) return refuse(host, plan.failure);
  const request = { run, plan: plan.value, configMayDiffer: yes };
  return workIn(host, store, json, (parts) => resumeRun(request, parts));
}

const runsLookedAt = 100;

async function runToResume(store: RunStore, asked: string | undefined): Promise<Result<StoredRun>> {
  if (asked === undefined || asked === 'last') {
    const run = (await store.list(runsLookedAt)).find(isResumable);
    return run ? succeed(run) : fail('usage', 'there is no run to resume', 'loop list shows all runs');
  }
  const run = await findRun(store, asked);
  if (!run.ok || isResumable(run.value)) return run;
  return fail(
    'usage',
    `run ${run.value.id} is ${run.value.state}: there is nothing to resume`,
    'loop list shows all runs',
  );
}
