import type { StageName } from '../../core/loop-context.ts';
import type { RunRecord } from '../../core/record.ts';
import { stageTitle } from './stage-title.ts';

/** Where the run stands, in a few words: `NO-GO`, `running: testing`, `GO so far, running: reading logs`, `planned`. */
export function runStatus(record: RunRecord): string {
  const { state, outcome } = record.run;
  const verdict = record.verdict?.value ?? null;
  switch (state) {
    case 'running':
      return `${verdict === null ? '' : `${verdict} so far, `}running: ${stageTitle(record.run.stage)}`;
    case 'parked':
      return `${verdict ?? 'no verdict yet'}, parked: waits for a person`;
    case 'interrupted':
      return `${verdict === null ? 'no verdict yet' : `${verdict} so far`}, interrupted: can be resumed`;
    case 'cancelled':
      return `${verdict === null ? 'no verdict' : `${verdict} so far`}, cancelled`;
    case 'finished':
      return verdict ?? (outcome === 'planned' ? 'planned' : 'no verdict');
  }
}

/** The reason of the verdict in one sentence, with its numbers. */
export function runReason(record: RunRecord): string {
  if (record.verdict !== null) return record.verdict.reason;
  if (record.run.outcome === 'planned') return 'a dry run: nothing was changed and no test was run';
  const [problem] = record.problems;
  if (record.run.state === 'cancelled' && problem !== undefined) return problem.message;
  return 'nothing is judged yet';
}

/** Whether the run came to a stage, by its own log. */
export function reached(record: RunRecord, stage: StageName): boolean {
  return record.run.stage === stage || record.log.some((line) => line.stage === stage);
}

/** For our own sentences only: a name that comes first must keep its case. */
export function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
