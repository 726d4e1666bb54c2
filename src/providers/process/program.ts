import type { ProcessGroup, StopReason } from '../../ports/tester.ts';
import type { BoundedOutput } from './bounded-output.ts';

export interface ProgramOptions {
  readonly cwd: string;
  /** The whole environment: nothing is added. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Between the interrupt and the kill. */
  readonly graceMs: number;
  readonly outputBytesMax: number;
  /** Written to stdin, which is closed otherwise. Not together with `onStart`. */
  readonly input?: string | Uint8Array;
  /**
   * Awaited before the program does anything: it stands behind a gate until then, and ends there if we die first.
   * A program with `onStart` is also cleared of everything that it leaves behind in its session.
   */
  readonly onStart?: (process: ProcessGroup) => Promise<void>;
  readonly onOutput?: (text: string, stream: 'stdout' | 'stderr') => void;
  /** As in the tester's port. */
  readonly watch?: (stop: (why: StopReason) => void) => () => void;
  readonly onStopping?: () => void;
}

export interface ProgramEnd {
  /** Null when a signal ended it, or when it never started. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly how: 'exited' | 'timeout' | 'cancelled' | StopReason['how'] | 'not-started';
  /** What a person should know beyond the exit code; null when there is nothing. */
  readonly message: string | null;
  readonly durationMs: number;
  readonly output: BoundedOutput;
  readonly peakRssBytes: number | null;
}
