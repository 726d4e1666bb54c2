import type { StageName } from './loop-context.ts';
import type { RunState } from './record.ts';
import type { Verdict } from './words.ts';

/** What a run tells the world while it goes on. Outputs are consumers of this one stream; stored events never repeat. */
export type LoopEventRecord =
  | { type: 'run-started'; run: string; folder: string; command: string; resumed: boolean }
  | { type: 'stage-started'; stage: StageName; cycle: number; item: string | null }
  | { type: 'note'; stage: StageName; what: string }
  | {
      type: 'stage-ended';
      stage: StageName;
      cycle: number;
      said: string;
      ok: boolean;
      durationMs: number;
      verdict: Verdict | null;
    }
  | { type: 'run-ended'; run: string; state: RunState; verdict: Verdict | null; exitCode: number; reason: string };

export interface StoredEvent {
  readonly id: number;
  readonly at: string;
  readonly event: LoopEventRecord;
}

/** Something that passes: a live line for a terminal. Never stored. */
export interface Progress {
  readonly stage: StageName;
  readonly text: string;
}
