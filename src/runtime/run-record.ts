import { unstorable } from '../core/judge-run.ts';
import type { StageName, StageTask } from '../core/loop-context.ts';
import type { RunOutcome, RunRecord, RunState } from '../core/record.ts';
import type { StageEnd } from '../ports/stage.ts';
import type { StageStop } from './stage-runner.ts';

/** The record after a stage: its parts replaced, its limits and its cycle written down. */
export function afterStage(
  record: RunRecord,
  turn: {
    task: StageTask;
    end: StageEnd<StageName> | null;
    stop: StageStop | null;
    brokenBy: string | null;
    /** It broke because its evidence could not be stored. */
    unstorable: boolean;
    at: string;
  },
): RunRecord {
  const patched = {
    ...record,
    ...turn.end?.patch,
    ...(turn.unstorable ? { problems: withUnstorable(record, turn) } : {}),
  };
  const limitsHit =
    turn.stop === 'expired' ? [...patched.run.limitsHit, `minutes (in ${turn.task.stage})`] : patched.run.limitsHit;
  const run = { ...patched.run, stage: turn.task.stage, limitsHit };
  if (turn.task.stage !== 'recording') return { ...patched, run };
  const cycle = {
    n: turn.task.cycle,
    verdict: record.verdict?.value ?? null,
    reason: record.verdict?.reason ?? '',
    endedAt: turn.at,
  };
  return { ...patched, run: { ...run, cycles: [...run.cycles.filter((one) => one.n !== cycle.n), cycle] } };
}

function withUnstorable(record: RunRecord, turn: { task: StageTask; brokenBy: string | null }): RunRecord['problems'] {
  const message = turn.brokenBy ?? 'evidence could not be stored';
  const hint = 'make room where worklogs/ is kept, then run again';
  return [...record.problems, { stage: turn.task.stage, code: unstorable, message, hint, blocks: false }];
}

/** Whether this stage broke because its evidence could not be stored. */
export function isUnstorable(record: RunRecord, stage: StageName): boolean {
  return record.problems.some((problem) => problem.code === unstorable && problem.stage === stage);
}

/** The record as it stands when the run ends, parks or is interrupted. */
export function ending(
  record: RunRecord,
  end: {
    state: RunState;
    at: string;
    exitCode: number;
    planned: boolean;
    broken: { stage: string; message: string } | null;
    awaiting: string | null;
  },
): RunRecord {
  const outcome = end.planned ? 'planned' : outcomeOf(record);
  const endedAt = end.state === 'finished' || end.state === 'cancelled' ? end.at : null;
  const run = { ...record.run, state: end.state, endedAt, exitCode: end.exitCode, outcome };
  return { ...record, run, approvals: asked(record, end), next: [...record.next, ...nextSteps(record.run.id, end)] };
}

/** Parking is asking: when it was asked is when an approval's time begins to run. */
function asked(record: RunRecord, end: Parameters<typeof ending>[1]): RunRecord['approvals'] {
  if (end.state !== 'parked' || end.awaiting === null) return record.approvals;
  const last = record.approvals.findLast((one) => one.what === end.awaiting);
  return last?.decision === 'asked'
    ? record.approvals
    : [...record.approvals, { what: end.awaiting, decision: 'asked', at: end.at }];
}

function nextSteps(id: string, end: Parameters<typeof ending>[1]): RunRecord['next'] {
  const person = (what: string, because: string) => [{ what, who: 'person' as const, because }];
  if (end.state === 'parked')
    return person(`loop approve ${id}, or loop reject ${id}`, `the run waits for a word on: ${end.awaiting}`);
  if (end.state === 'interrupted')
    return person(`loop resume ${id}`, 'the run was interrupted; what it had done is kept');
  if (end.broken)
    return person(
      'report this as a bug of loop, with loop.log',
      `stage ${end.broken.stage} broke: ${end.broken.message.split('\n')[0]}`,
    );
  return [];
}

function outcomeOf(record: RunRecord): RunOutcome {
  const created = record.published.filter((one) => one.action !== 'none');
  // What was promoted and taken back was not promoted; what is served as LATEST again was moved to nobody else.
  const last = record.trafficMoves.findLast((move) => move.from !== move.to);
  if (last?.why.startsWith('rolled back')) return 'rolled-back';
  if (last?.why.startsWith('promoted')) return 'promoted';
  if (created.some((one) => one.kind === 'pull')) return 'pull';
  if (created.some((one) => one.kind === 'issue')) return 'issue';
  return record.verdict?.value === 'GO' ? 'nothing-to-do' : 'none';
}
