import { setTimeout as wait } from 'node:timers/promises';
import { exitCodes } from '../core/exit-code.ts';
import { fail } from '../core/result.ts';
import { watchInterrupts } from '../runtime/interrupts.ts';
import { allOf } from '../runtime/run-options.ts';
import { loadPlan, type RunPlan } from '../runtime/run-plan.ts';
import { storeSkippedRun } from '../runtime/skipped-run.ts';
import { type Host, refuse, say } from './host.ts';
import { openStore } from './open-store.ts';
import { runCommand } from './run.ts';

export interface NightlyCommand {
  readonly env: string;
  readonly pipeline: string;
  /** Null for the pipeline's own `schedule`. */
  readonly cron: string | null;
  /** Null to go on until it is stopped. */
  readonly count: number | null;
}

/** No timer sleeps longer: a machine that was suspended is late by this much at most. */
const napMsMax = 60_000;
/** After a suspended week nobody reads a list of a thousand missed minutes. */
const missedToldMax = 20;

/** `loop nightly`: everything, at the times of a schedule, one run at a time. Answers the last run's exit code. */
export async function nightlyCommand(asked: NightlyCommand, host: Host): Promise<number> {
  const plan = await loadPlan(allOf(asked), { folder: host.project, env: host.env });
  if (!plan.ok) return refuse(host, plan.failure);
  const expression = asked.cron ?? plan.value.pipeline.schedule;
  if (expression === undefined) return refuse(host, noSchedule(asked.pipeline));
  const next = await schedule(expression);
  if (next === null) return refuse(host, badSchedule(expression));
  let exitCode: number = exitCodes.go;
  let from = host.clock.now();
  for (let night = 1; asked.count === null || night <= asked.count; night += 1) {
    const due = next(from);
    if (due === null) break;
    say(host, `next run at ${due.toISOString()}`);
    if (!(await sleepUntil(due, host))) return exitCode;
    exitCode = await oneNight(asked, due, host);
    if (exitCode === exitCodes.interrupted) break;
    from = await tellMissed(plan.value, due, next, host);
  }
  return exitCode;
}

type Next = (after: Date) => Date | null;

async function schedule(expression: string): Promise<Next | null> {
  const { Cron } = await import('croner');
  try {
    const cron = new Cron(expression, { timezone: 'UTC', paused: true });
    return (after) => cron.nextRun(after);
  } catch {
    return null;
  }
}

/** False when a person stopped the waiting. */
async function sleepUntil(due: Date, host: Host): Promise<boolean> {
  const interrupts = watchInterrupts({ say: () => say(host, 'stopped; nothing was running'), kill: () => {} });
  try {
    for (;;) {
      const leftMs = due.getTime() - host.clock.now().getTime();
      if (interrupts.signal.aborted) return false;
      if (leftMs <= 0) return true;
      await wait(Math.min(leftMs, napMsMax), undefined, { signal: interrupts.signal }).catch(() => {});
    }
  } finally {
    interrupts.stop();
  }
}

/** The configuration is read again each night; a night that finds the environment locked is skipped, and that is stored. */
async function oneNight(asked: NightlyCommand, due: Date, host: Host): Promise<number> {
  const exitCode = await runCommand({ asked: allOf(asked), list: false, json: false }, host);
  if (exitCode !== exitCodes.locked) return exitCode;
  const plan = await loadPlan(allOf(asked), { folder: host.project, env: host.env });
  if (plan.ok) await skip(plan.value, due, 'the environment was locked by another run', host);
  return exitCode;
}

/** Nights that passed while a run was still going. Answers from when on the next one is looked for. */
async function tellMissed(plan: RunPlan, due: Date, next: Next, host: Host): Promise<Date> {
  let from = due;
  for (let told = 0; told < missedToldMax; told += 1) {
    const missed = next(from);
    if (missed === null || missed > host.clock.now()) return from;
    await skip(plan, missed, 'the run before it was still going', host);
    from = missed;
  }
  say(host, `more than ${missedToldMax} runs were missed; the rest is not listed`);
  return host.clock.now();
}

async function skip(plan: RunPlan, due: Date, why: string, host: Host): Promise<void> {
  const because = `the run of ${due.toISOString()} was skipped: ${why}`;
  say(host, because);
  const store = await openStore(host, plan.environment.store);
  if (!store.ok) return void refuse(host, store.failure);
  try {
    const asked = allOf({ env: plan.environment.environment, pipeline: plan.pipeline.pipeline });
    await storeSkippedRun({ asked, plan, command: host.command }, because, { ...host, store: store.value });
  } finally {
    await store.value.close();
  }
}

function noSchedule(pipeline: string) {
  return fail(
    'usage',
    `pipeline ${pipeline} has no schedule`,
    'give one with --cron "0 3 * * *", or `schedule:` in the pipeline',
  ).failure;
}

function badSchedule(expression: string) {
  return fail(
    'usage',
    `${JSON.stringify(expression)} is no cron expression`,
    'five fields, in UTC: "0 3 * * *" is every night at 3',
  ).failure;
}
