import type { StageName, StageTask } from '../core/loop-context.ts';
import type { RunRecord } from '../core/record.ts';
import type { StageEnd, StageRun, Stages } from '../ports/stage.ts';
import { isDiskFull } from './disk-full.ts';

export type StageStop = 'interrupted' | 'expired' | 'cancelled';

interface StageRequest {
  readonly task: StageTask;
  readonly key: string;
  readonly record: RunRecord;
  readonly stages: Stages;
  readonly makeStageRun: (request: {
    task: StageTask;
    key: string;
    record: RunRecord;
    signal: AbortSignal;
    note: (what: string) => void;
  }) => StageRun;
  readonly interrupted: AbortSignal;
  /** Null where the deadline must not strike. */
  readonly budgetMsLeft: number | null;
  /** Id of a cancel decision that a person made meanwhile. */
  readonly cancelled: () => Promise<number | null>;
}

export interface StageOutcome {
  readonly stop: StageStop | null;
  readonly end: StageEnd<StageName> | null;
  readonly brokenBy: string | null;
  /** It broke because the disk took no more; nobody's bug. */
  readonly unstorable: boolean;
  readonly notes: readonly string[];
  readonly decision: number | null;
}

const unbroken = { brokenBy: null, unstorable: false } as const;
const cancelPollMs = 500;
/** How long a stopped stage may take to end its processes. */
const graceMs = 20_000;

/** Runs one stage until it ends by itself, or a person, the clock or Ctrl-C stops it. What it throws is a bug of ours, and kept as text. */
export async function runStage(request: StageRequest): Promise<StageOutcome> {
  const stopper = new AbortController();
  let stop: StageStop | null = null;
  let decision: number | null = null;
  const halt = (why: StageStop) => {
    stop ??= why;
    stopper.abort(new Error(why));
  };
  const onInterrupt = () => halt('interrupted');
  if (request.interrupted.aborted) onInterrupt();
  request.interrupted.addEventListener('abort', onInterrupt, { once: true });
  const deadline =
    request.budgetMsLeft === null ? null : setTimeout(() => halt('expired'), Math.max(0, request.budgetMsLeft));
  const poll = setInterval(() => {
    request.cancelled().then(
      (id) => {
        if (id === null || stop !== null) return;
        decision = id;
        halt('cancelled');
      },
      () => {},
    );
  }, cancelPollMs);
  const notes: string[] = [];
  try {
    const { task, key, record } = request;
    const run = request.makeStageRun({ task, key, record, signal: stopper.signal, note: (what) => notes.push(what) });
    const stage = request.stages[task.stage] as (run: StageRun) => Promise<StageEnd<StageName>>;
    const end = await untilStopped(stage(run), stopper.signal);
    return { stop, end: stop === null ? end : null, ...unbroken, notes, decision };
  } catch (error) {
    const broke = stop === null ? { brokenBy: describe(error), unstorable: isDiskFull(error) } : unbroken;
    return { stop, end: null, ...broke, notes, decision };
  } finally {
    clearInterval(poll);
    if (deadline) clearTimeout(deadline);
    request.interrupted.removeEventListener('abort', onInterrupt);
  }
}

async function untilStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const givenUp = new Promise<null>((resolve) => {
    const giveUp = () => {
      timer = setTimeout(() => resolve(null), graceMs);
    };
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    clearTimeout(timer);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isDiskFull(error)) return `the run's folder cannot be written: ${error.message}`;
  return error.stack ?? error.message;
}
