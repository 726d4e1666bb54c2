import { join } from 'node:path';
import { exitCodes } from '../core/exit-code.ts';
import { judgeRun } from '../core/judge-run.ts';
import type { RunRecord } from '../core/record.ts';
import { type Failure, type Result, succeed } from '../core/result.ts';
import type { Output } from '../ports/output.ts';
import type { RunStore, StoredRun } from '../ports/run-store.ts';
import type { StageRun } from '../ports/stage.ts';
import { artifactFolder } from './artifact-folder.ts';
import type { Clock } from './clock.ts';
import type { Compose, Composition } from './composition.ts';
import { driveRun, type EngineParts, type RunEnd } from './engine.ts';
import { type Failpoint, withFailpoint } from './failpoint.ts';
import { fullRecord } from './full-record.ts';
import { storeJournal } from './journal.ts';
import type { LoopSnapshot } from './machine-driver.ts';
import type { OpenGroups } from './open-groups.ts';
import { redactingOutput, redactingStore } from './redacting.ts';
import type { RunPlan } from './run-plan.ts';
import { ending } from './run-record.ts';

export interface WorkParts {
  readonly store: RunStore;
  readonly clock: Clock;
  /** The project's folder, absolute; runs keep their folders relative to it. */
  readonly project: string;
  /** Where this run is shown. */
  readonly output: (run: Pick<StoredRun, 'id' | 'folder'>) => Promise<Output>;
  readonly compose: Compose;
  readonly groups: OpenGroups;
  readonly interrupted: AbortSignal;
  readonly failpoint: Failpoint;
  readonly say: (line: string) => void;
}

interface Work {
  readonly run: StoredRun;
  readonly plan: RunPlan;
  readonly lease: string;
  readonly resumed: boolean;
  readonly start: { snapshot: LoopSnapshot; transitions: number };
}

/**
 * Works on a run that this process has the lease of, until it ends, parks or is interrupted. What cannot be made ready ends a new
 * run as BLOCKED; a run that was to be resumed stays as it is, and the failure is the answer.
 */
export async function workOnRun(work: Work, parts: WorkParts): Promise<Result<RunEnd>> {
  const { run, plan } = work;
  const { groups, interrupted: signal, say } = parts;
  const output = await parts.output(run);
  const open = { ...parts, store: withFailpoint(parts.store, parts.failpoint), output };
  try {
    await announce(work, open);
    const composed = await parts.compose({ run: run.id, plan, store: parts.store, groups, signal, say });
    if (composed.ok) return succeed(await drive(work, composed.value, open));
    return work.resumed ? composed : succeed(await endUncomposed(work, composed.failure, open));
  } finally {
    await output.close?.();
  }
}

async function drive(work: Work, composed: Composition, parts: OpenParts): Promise<RunEnd> {
  const { redact } = composed;
  const store = redactingStore(parts.store, redact);
  const clean = { ...parts, store, output: redactingOutput(parts.output, redact) };
  try {
    await reapLeftovers(work.run, composed, store);
    return await driveRun(work.run, work.start, engineParts(work, composed, clean));
  } finally {
    await composed.close();
  }
}

const runsLookedAt = 100;

/** With the environment's lock in hand, whatever a run of it left is nobody's: a killed one may never be resumed. */
async function reapLeftovers(run: StoredRun, composed: Composition, store: RunStore): Promise<void> {
  const killed = (await store.list(runsLookedAt)).filter(
    ({ environment, state, id }) => environment === run.environment && state === 'running' && id !== run.id,
  );
  for (const { id } of [run, ...killed]) {
    for (const group of await store.openProcesses(id)) {
      await composed.reap(group);
      await store.endedProcess(id, group.pid);
    }
  }
}

type OpenParts = Omit<WorkParts, 'output'> & { readonly output: Output };

function engineParts(work: Work, composed: Composition, parts: OpenParts): EngineParts {
  return {
    store: parts.store,
    stages: composed.stages,
    output: parts.output,
    clock: parts.clock,
    lease: work.lease,
    interrupted: parts.interrupted,
    approvalMsMax: work.plan.pipeline.approvalHours * 3_600_000,
    makeStageRun: (request) => stageRun(work, request, composed, parts),
  };
}

function stageRun(
  { run, lease }: Work,
  { task, key, record, signal, note }: Parameters<EngineParts['makeStageRun']>[0],
  { redact }: Composition,
  { store, clock, output, project, failpoint }: OpenParts,
): StageRun {
  const folder = join(project, run.folder);
  const now = () => clock.now();
  return {
    task,
    key,
    record,
    journal: storeJournal({ store, run: run.id, lease, now, signal, afterAnswer: failpoint.afterAnswer }),
    artifacts: artifactFolder({ folder, redact }),
    memory: store.memory(run.environment, run.id),
    folder,
    signal,
    now,
    evidence: async (id) => (await store.evidence(run.id)).find((one) => one.id === id) ?? null,
    redact,
    note: (what) => {
      note(what);
      output.event(now().toISOString(), { type: 'note', stage: task.stage, what });
    },
    progress: (text) => output.progress?.({ stage: task.stage, text }),
    startedProcess: (group) => store.startedProcess(run.id, group, now().toISOString()),
  };
}

async function announce({ run, lease, resumed, start }: Work, parts: OpenParts): Promise<void> {
  const at = parts.clock.now().toISOString();
  const { command } = run.record.run;
  const event = { type: 'run-started', run: run.id, folder: run.folder, command, resumed } as const;
  const key = resumed ? `resume/${start.transitions}/${at}` : 'start';
  await parts.store.commit({ run: run.id, lease, at, events: { key, list: [event] } });
  parts.output.event(at, event);
}

/** What a new run needs could not be made ready: nothing was touched, and the record says why. */
async function endUncomposed({ run, lease }: Work, failure: Failure, parts: OpenParts): Promise<RunEnd> {
  const at = parts.clock.now().toISOString();
  const interrupted = parts.interrupted.aborted;
  const state = interrupted ? 'interrupted' : 'finished';
  const exitCode = interrupted ? exitCodes.interrupted : exitCodes.blocked;
  const known = interrupted ? run.record : withProblem(run.record, failure);
  const record = ending(known, { state, at, exitCode, planned: false, broken: null, awaiting: null });
  const verdict = record.verdict?.value ?? null;
  const event = { type: 'run-ended', run: run.id, state, verdict, exitCode, reason: failure.message } as const;
  const events = { key: `end/${at}`, list: [event] };
  const endedAt = interrupted ? {} : { endedAt: at };
  await parts.store.commit({ run: run.id, lease, at, record, state, verdict, events, ...endedAt });
  await parts.output.record?.(await fullRecord(parts.store, run.id, record));
  parts.output.event(at, event);
  return { state, exitCode, record };
}

function withProblem(record: RunRecord, { code, message, hint }: Failure): RunRecord {
  const problem = { stage: 'preparing', code, message, hint: hint ?? null, blocks: true };
  const next = hint === undefined ? [] : [{ what: hint, who: 'person' as const, because: message }];
  const stopped = { ...record, problems: [...record.problems, problem], next: [...record.next, ...next] };
  return { ...stopped, verdict: judgeRun(stopped) };
}
