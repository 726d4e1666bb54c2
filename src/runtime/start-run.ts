import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, type Result, succeed } from '../core/result.ts';
import type { LeaseHolder, RunStore, StoredRun } from '../ports/run-store.ts';
import type { RunEnd } from './engine.ts';
import { firstRecord } from './first-record.ts';
import { firstSnapshot, machineStamp, persisted } from './machine-driver.ts';
import { runNames } from './run-ids.ts';
import type { RunOptions } from './run-options.ts';
import type { RunPlan } from './run-plan.ts';
import { type WorkParts, workOnRun } from './work-on-run.ts';

export interface StartRequest {
  readonly asked: RunOptions;
  readonly plan: RunPlan;
  /** As it was typed. */
  readonly command: string;
}

export type StartParts = WorkParts & {
  /** From 0 inclusive to 1 exclusive. */
  readonly random: () => number;
  /** A new token for a lease. */
  readonly newToken: () => string;
};

/**
 * A new run, from its first row to its end. Fails with `locked` when another run has the environment, with `config` when its
 * folder cannot be made; nothing is touched then.
 */
export async function startRun(request: StartRequest, parts: StartParts): Promise<Result<RunEnd>> {
  const run = newRun(request, parts);
  const folder = join(parts.project, run.folder);
  const made = await makeFolder(folder, run.folder);
  if (!made.ok) return made;
  const lease = parts.newToken();
  const taken = await parts.store.takeLease({
    environment: run.environment,
    run: run.id,
    token: lease,
    at: run.startedAt,
  });
  if (!taken.taken) {
    await rmdir(folder).catch(() => {});
    return lockedBy(taken.holder, run.environment);
  }
  return withLease(run.environment, lease, parts.store, async () => {
    await parts.store.create(run, run.startedAt);
    const start = { snapshot: firstSnapshot(request.plan.options), transitions: 0 };
    return await workOnRun({ run, plan: request.plan, lease, resumed: false, start }, parts);
  });
}

/** The lease is let go however the work ends; what crashes is found by its process being gone. */
export async function withLease<T>(
  environment: string,
  token: string,
  store: RunStore,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } finally {
    await store.releaseLease(environment, token);
  }
}

export function lockedBy(
  holder: LeaseHolder,
  environment: string,
): { ok: false } & Extract<Result<never>, { ok: false }> {
  const { run, pid, host, since } = holder;
  const message = `environment ${environment} is locked by run ${run} (process ${pid} on ${host}) since ${since}`;
  return fail('locked', message, `look at it with: loop status ${run}`);
}

/** The row of a run before anything is touched. */
export function newRun({ asked, plan, command }: StartRequest, parts: Pick<StartParts, 'clock' | 'random'>): StoredRun {
  const now = parts.clock.now();
  const names = runNames(plan.selection.words, now, parts.random);
  const environment = plan.environment.environment;
  const pipeline = plan.pipeline.pipeline;
  const startedAt = now.toISOString();
  const about = { environment, pipeline, level: plan.environment.level, ref: plan.ref, startedAt };
  return {
    id: names.id,
    environment,
    pipeline,
    folder: join('worklogs', names.folder),
    state: 'running',
    verdict: null,
    startedAt,
    endedAt: null,
    budgetMsLeft: plan.budgetMs,
    options: asked,
    snapshot: persisted(firstSnapshot(plan.options)),
    machine: machineStamp,
    record: firstRecord({ id: names.id, command, focus: plan.selection.words, ...about }),
  };
}

async function makeFolder(folder: string, shown: string): Promise<Result<null>> {
  try {
    await mkdir(folder, { recursive: true });
    return succeed(null);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return fail(
      'config',
      `the run's folder ${shown} cannot be made: ${because}`,
      'make worklogs/ a folder that loop may write to',
    );
  }
}
