import type { LoopEventRecord, Progress } from '../core/events.ts';
import type { RunRecord } from '../core/record.ts';

/** A consumer of the event stream. It must not throw for what it is told; only `record` may fail (a full disk). */
export interface Output {
  event(at: string, event: LoopEventRecord): void;
  progress?(progress: Progress): void;
  /** The whole record after each stage; replaces what was written before. */
  record?(record: RunRecord): Promise<void>;
  close?(): Promise<void>;
}
