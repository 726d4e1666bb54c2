import type { LoopEventRecord, StoredEvent } from '../core/events.ts';
import type { Evidence, RunRecord, RunState } from '../core/record.ts';
import type { Verdict } from '../core/words.ts';
import type { StoredArtifact } from './artifacts.ts';
import type { Memory } from './memory.ts';
import type { ProcessGroup } from './tester.ts';

/** A run as the store holds it. `snapshot` is the machine's; a shortcut, the steps are the truth. */
export interface StoredRun {
  readonly id: string;
  readonly environment: string;
  readonly pipeline: string;
  readonly folder: string;
  readonly state: RunState;
  readonly verdict: Verdict | null;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** Working time that is left, in milliseconds, when nobody works on it. */
  readonly budgetMsLeft: number;
  /** What the command line asked for; enough to go on. */
  readonly options: unknown;
  readonly snapshot: unknown;
  readonly machine: string;
  /** Without evidence and log, which live in rows of their own. */
  readonly record: RunRecord;
}

export interface StepRow {
  readonly key: string;
  readonly state: 'intended' | 'done' | 'failed';
  readonly inputSha256: string;
  readonly tries: number;
  readonly result: unknown;
}

/** What changes in one transaction. Evidence ids are counted per run and taken here. */
export interface RunChange {
  readonly run: string;
  /** Fences a run that lost its lease while it was stopped; null for commands of people. */
  readonly lease: string | null;
  readonly at: string;
  readonly step?: { readonly key: string; readonly state: StepRow['state']; readonly inputSha256: string };
  readonly artifacts?: readonly StoredArtifact[];
  /** Makes the step's result from the evidence ids. */
  readonly result?: (evidence: readonly string[]) => unknown;
  readonly snapshot?: unknown;
  readonly record?: RunRecord;
  readonly state?: RunState;
  readonly verdict?: Verdict | null;
  readonly endedAt?: string;
  readonly budgetMsLeft?: number;
  /** Unique on run, key and position: a resumed step does not speak twice. */
  readonly events?: { readonly key: string; readonly list: readonly LoopEventRecord[] };
  readonly consumedDecision?: number;
}

export interface Decision {
  readonly id: number;
  readonly run: string;
  readonly what: 'approve' | 'reject' | 'cancel';
  readonly at: string;
}

export interface LeaseHolder {
  readonly run: string;
  readonly pid: number;
  readonly host: string;
  readonly since: string;
}

/** The one database. Throws on a broken file; a lost lease throws `LeaseLost`. */
export interface RunStore {
  create(run: StoredRun, at: string): Promise<void>;
  read(id: string): Promise<StoredRun | null>;
  list(limit: number): Promise<readonly StoredRun[]>;
  commit(change: RunChange): Promise<{ result: unknown; evidence: readonly string[] }>;
  step(run: string, key: string): Promise<StepRow | null>;
  evidence(run: string): Promise<readonly Evidence[]>;
  events(run: string): Promise<readonly StoredEvent[]>;
  decide(decision: Omit<Decision, 'id'>): Promise<void>;
  openDecisions(run: string): Promise<readonly Decision[]>;
  startedProcess(run: string, group: ProcessGroup, at: string): Promise<void>;
  /** Groups that were started and not seen to end. */
  openProcesses(run: string): Promise<readonly ProcessGroup[]>;
  endedProcess(run: string, pid: number): Promise<void>;
  /** Takes the environment's lock, or tells who holds it. A holder whose process is gone is replaced. */
  takeLease(request: {
    environment: string;
    run: string;
    token: string;
    at: string;
  }): Promise<{ taken: true } | { taken: false; holder: LeaseHolder }>;
  releaseLease(environment: string, token: string): Promise<void>;
  /** Who works on the environment now; null when nobody does, or the holder's process is gone. */
  leaseHolder(environment: string): Promise<LeaseHolder | null>;
  memory(environment: string, exceptRun: string): Memory;
  close(): Promise<void>;
}

export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}
