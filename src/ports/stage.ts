import type { StageFacts, StageName, StageTask } from '../core/loop-context.ts';
import type { Evidence, RunRecord } from '../core/record.ts';
import type { Artifacts } from './artifacts.ts';
import type { Journal } from './journal.ts';
import type { Memory } from './memory.ts';

/** What every stage is given: its task, the record so far, and the run's own tools. */
export interface StageRun {
  readonly task: StageTask;
  /** Names this visit of the stage; the prefix of all its journal keys. */
  readonly key: string;
  readonly record: Readonly<RunRecord>;
  readonly journal: Journal;
  readonly artifacts: Artifacts;
  readonly memory: Memory;
  /** Absolute path of the run's folder. */
  readonly folder: string;
  readonly signal: AbortSignal;
  now(): Date;
  /** An evidence id of this run, read back; null when there is none of that id. */
  evidence(id: string): Promise<Evidence | null>;
  /** Takes secrets out of text; for what is cut or compared before it reaches a door that does it anyway. */
  redact(text: string): string;
  /** A line for the execution log; stored once. */
  note(what: string): void;
  /** A live line for a terminal; not stored. */
  progress(text: string): void;
  /** Journals a process group before it does work, so that a crashed run can be reaped. */
  startedProcess(group: { pid: number; startedAtTicks: string | null }): Promise<void>;
}

export interface StageEnd<S extends StageName> {
  readonly facts: StageFacts[S];
  /** Replaces these parts of the record. */
  readonly patch: Partial<RunRecord>;
  /** One sentence for people. */
  readonly said: string;
  /** False when a person should look at it. */
  readonly ok: boolean;
}

export type Stage<S extends StageName> = (run: StageRun) => Promise<StageEnd<S>>;
export type Stages = { readonly [S in StageName]: Stage<S> };
