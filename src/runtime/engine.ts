import { canonicalJson, sha256 } from '../core/canonical-json.ts';
import type { LoopEventRecord } from '../core/events.ts';
import { exitCodeOf, isMisuse } from '../core/exit-code.ts';
import { judgeRun } from '../core/judge-run.ts';
import type { StageName, StageTask } from '../core/loop-context.ts';
import type { RunRecord, RunState } from '../core/record.ts';
import type { Output } from '../ports/output.ts';
import type { RunStore, StoredRun } from '../ports/run-store.ts';
import type { StageEnd, Stages } from '../ports/stage.ts';
import type { Clock } from './clock.ts';
import { fullRecord } from './full-record.ts';
import { knows, type LoopSnapshot, type MachineEvent, nextSnapshot, pendingTask, persisted } from './machine-driver.ts';
import { answerTo, withAnswer, withQuestion } from './questions.ts';
import { afterStage, ending, isUnstorable } from './run-record.ts';
import { runStage, type StageStop } from './stage-runner.ts';

export interface EngineParts {
  readonly store: RunStore;
  readonly stages: Stages;
  readonly output: Output;
  readonly clock: Clock;
  readonly lease: string;
  /** Aborted by Ctrl-C: the attempt is voided, the run can be resumed. */
  readonly interrupted: AbortSignal;
  readonly makeStageRun: Parameters<typeof runStage>[0]['makeStageRun'];
  readonly approvalMsMax: number;
}

export interface RunEnd {
  readonly state: RunState;
  readonly exitCode: number;
  readonly record: RunRecord;
}

/** Everything about the run that moves on with it. */
interface Position {
  snapshot: LoopSnapshot;
  record: RunRecord;
  /** Transitions so far; names the next row of the journal. */
  transitions: number;
  budgetMsLeft: number;
  /** The worklog could not be written, and that was said. */
  worklogLost: boolean;
}

/**
 * Drives one run to where it ends, parks or is interrupted. Each turn: run the stage that the snapshot waits for, then store
 * its result, the machine's next snapshot and the events in one transaction, and only then go on. Persist first, execute then.
 */
export async function driveRun(
  run: StoredRun,
  start: { snapshot: LoopSnapshot; transitions: number },
  parts: EngineParts,
): Promise<RunEnd> {
  const position: Position = { ...start, record: run.record, budgetMsLeft: run.budgetMsLeft, worklogLost: false };
  await parts.store.commit({ run: run.id, lease: parts.lease, at: parts.clock.now().toISOString(), state: 'running' });
  position.record = {
    ...position.record,
    run: { ...position.record.run, state: 'running', endedAt: null, exitCode: null },
  };
  for (;;) {
    const task = pendingTask(position.snapshot);
    if (task === null) return await standStill(run, position, parts);
    // Ctrl-C between two stages begins no other one.
    const stopped = parts.interrupted.aborted || (await turn(run, position, task, parts));
    if (stopped) return await end(run, position, parts, 'interrupted');
  }
}

const stopWords = {
  expired: 'stopped: the time limit of the run is reached',
  cancelled: 'stopped: a person cancelled the run',
  interrupted: 'stopped: interrupted',
} as const satisfies Record<StageStop, string>;

/** One stage and the transition that follows it. True when the run was interrupted. */
async function turn(run: StoredRun, position: Position, task: StageTask, parts: EngineParts): Promise<boolean> {
  const startedMs = parts.clock.monotonicMs();
  const key = stageKey(task);
  parts.output.event(parts.clock.now().toISOString(), {
    type: 'stage-started',
    stage: task.stage,
    cycle: task.cycle,
    item: task.cause,
  });
  await render(run, position, { ...position.record, run: { ...position.record.run, stage: task.stage } }, parts);
  const outcome = await runStage({
    task,
    key,
    record: position.record,
    stages: parts.stages,
    makeStageRun: parts.makeStageRun,
    interrupted: parts.interrupted,
    budgetMsLeft: knows(position.snapshot, { type: 'expire' }) ? position.budgetMsLeft : null,
    cancelled: knows(position.snapshot, { type: 'cancel' }) ? () => cancelOf(run.id, parts) : async () => null,
  });
  const durationMs = parts.clock.monotonicMs() - startedMs;
  position.budgetMsLeft -= durationMs;
  if (outcome.stop === 'interrupted') {
    await parts.store.commit({
      run: run.id,
      lease: parts.lease,
      at: parts.clock.now().toISOString(),
      budgetMsLeft: position.budgetMsLeft,
    });
    return true;
  }
  await advance(run, position, parts, { task, key, durationMs, ...outcome });
  return false;
}

interface TurnOutcome {
  readonly task: StageTask;
  readonly key: string;
  readonly durationMs: number;
  readonly stop: StageStop | null;
  readonly end: StageEnd<StageName> | null;
  readonly brokenBy: string | null;
  readonly unstorable: boolean;
  readonly notes: readonly string[];
  readonly decision: number | null;
}

async function advance(run: StoredRun, position: Position, parts: EngineParts, turnEnd: TurnOutcome): Promise<void> {
  const at = parts.clock.now().toISOString();
  const record = afterStage(position.record, { ...turnEnd, at });
  const verdict = judgeRun(record);
  position.record = { ...record, verdict };
  const event = eventOf(turnEnd, verdict?.value ?? null);
  const ended: LoopEventRecord = {
    type: 'stage-ended',
    stage: turnEnd.task.stage,
    cycle: turnEnd.task.cycle,
    said: turnEnd.end?.said ?? turnEnd.brokenBy ?? stopWords[turnEnd.stop ?? 'interrupted'],
    ok: turnEnd.end?.ok ?? false,
    durationMs: Math.round(turnEnd.durationMs),
    verdict: verdict?.value ?? null,
  };
  const notes = turnEnd.notes.map((what): LoopEventRecord => ({ type: 'note', stage: turnEnd.task.stage, what }));
  await move(run, position, parts, event, { key: turnEnd.key, list: [...notes, ended] }, turnEnd.decision);
  parts.output.event(at, ended);
  await render(run, position, position.record, parts);
}

function eventOf(
  turnEnd: TurnOutcome,
  verdict: RunRecord['verdict'] extends infer V ? (V extends { value: infer W } ? W : null) | null : never,
): MachineEvent {
  if (turnEnd.stop === 'expired') return { type: 'expire' };
  if (turnEnd.stop === 'cancelled') return { type: 'cancel' };
  if (!turnEnd.end)
    return { type: 'stageBroke', stage: turnEnd.task.stage, message: turnEnd.brokenBy ?? 'the stage gave no result' };
  return { type: 'stageDone', output: { stage: turnEnd.task.stage, facts: turnEnd.end.facts, verdict } };
}

/** The write-ahead row, the snapshot, the record and the events: one transaction. */
async function move(
  run: StoredRun,
  position: Position,
  parts: EngineParts,
  event: MachineEvent,
  events: { key: string; list: readonly LoopEventRecord[] },
  decision: number | null,
): Promise<void> {
  position.snapshot = nextSnapshot(position.snapshot, event);
  position.transitions += 1;
  const at = parts.clock.now().toISOString();
  position.record = withStage(withQuestion(position.record, position.snapshot, at), position.snapshot);
  await parts.store.commit({
    run: run.id,
    lease: parts.lease,
    at,
    step: { key: transitionKey(position.transitions), state: 'done', inputSha256: sha256(canonicalJson(event.type)) },
    result: () => event,
    snapshot: persisted(position.snapshot),
    record: position.record,
    verdict: position.record.verdict?.value ?? null,
    budgetMsLeft: position.budgetMsLeft,
    events,
    ...(decision === null ? {} : { consumedDecision: decision }),
  });
}

/** What is worked on next, so that `loop status` of a run at work names it. */
function withStage(record: RunRecord, snapshot: LoopSnapshot): RunRecord {
  const task = pendingTask(snapshot);
  return task === null ? record : { ...record, run: { ...record.run, stage: task.stage } };
}

export function transitionKey(n: number): string {
  return `machine/${String(n).padStart(6, '0')}`;
}

function stageKey(task: StageTask): string {
  return `${task.cycle}/${task.stage}/${task.visit}`;
}

/** No stage is pending: the run is done, or it waits for a person. */
async function standStill(run: StoredRun, position: Position, parts: EngineParts): Promise<RunEnd> {
  if (position.snapshot.status === 'done')
    return end(run, position, parts, position.snapshot.context.cancelled ? 'cancelled' : 'finished');
  const { approvalMsMax, clock } = parts;
  const word = answerTo(position.record, await parts.store.openDecisions(run.id), { now: clock.now(), approvalMsMax });
  if (!word) return end(run, position, parts, 'parked');
  const at = clock.now().toISOString();
  const { record, said } = withAnswer(position.record, word.event, at);
  position.record = record;
  const note: LoopEventRecord = { type: 'note', stage: 'revalidating', what: said };
  await move(run, position, parts, word.event, { key: `people/${position.transitions}`, list: [note] }, word.decision);
  parts.output.event(at, note);
  return driveOn(run, position, parts);
}

async function driveOn(run: StoredRun, position: Position, parts: EngineParts): Promise<RunEnd> {
  return driveRun(
    { ...run, record: position.record, budgetMsLeft: position.budgetMsLeft },
    { snapshot: position.snapshot, transitions: position.transitions },
    parts,
  );
}

async function cancelOf(runId: string, parts: EngineParts): Promise<number | null> {
  const open = await parts.store.openDecisions(runId);
  return open.find((decision) => decision.what === 'cancel')?.id ?? null;
}

async function end(run: StoredRun, position: Position, parts: EngineParts, state: RunState): Promise<RunEnd> {
  const at = parts.clock.now().toISOString();
  const { broken, options, awaiting } = position.snapshot.context;
  const verdict = position.record.verdict?.value ?? null;
  const misused = isMisuse(position.record.problems);
  const planned = options.dryRun && verdict === null && !misused;
  // A full disk is nobody's bug: what is unproven for it is INVALID.
  const bug = broken !== null && isUnstorable(position.record, broken.stage) ? null : broken;
  const exitCode = exitCodeOf({ state, verdict, broken: bug !== null, misused, planned });
  const waitsFor = awaiting?.what ?? null;
  const record = ending(position.record, { state, at, exitCode, planned, broken: bug, awaiting: waitsFor });
  const reason =
    record.verdict?.reason ??
    broken?.message ??
    (misused ? position.record.problems[0]?.message : undefined) ??
    (planned ? 'nothing was changed: this was a dry run' : state);
  const event: LoopEventRecord = { type: 'run-ended', run: run.id, state, verdict, exitCode, reason };
  const ended = state === 'finished' || state === 'cancelled' ? { endedAt: at } : {};
  // The files first: a crash in between leaves a run that can be resumed, not a finished one with an unfinished worklog.
  await render(run, position, record, parts);
  await parts.store.commit({
    run: run.id,
    lease: parts.lease,
    at,
    record,
    state,
    budgetMsLeft: position.budgetMsLeft,
    events: { key: `end/${position.transitions}/${state}`, list: [event] },
    ...ended,
  });
  parts.output.event(at, event);
  return { state, exitCode, record };
}

/** A worklog that cannot be written is told once: the store has it all, so the run goes on. */
async function render(run: StoredRun, position: Position, record: RunRecord, parts: EngineParts): Promise<void> {
  const full = await fullRecord(parts.store, run.id, record);
  try {
    await parts.output.record?.(full);
  } catch (error) {
    if (position.worklogLost) return;
    position.worklogLost = true;
    const at = parts.clock.now().toISOString();
    const because = error instanceof Error ? error.message : String(error);
    const what = `the worklog cannot be written, the run goes on in the store: ${because}`;
    const note: LoopEventRecord = { type: 'note', stage: 'recording', what };
    await parts.store.commit({ run: run.id, lease: parts.lease, at, events: { key: 'worklog/lost', list: [note] } });
    parts.output.event(at, note);
  }
}
