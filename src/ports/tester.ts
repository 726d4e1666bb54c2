/** One suite's command, ready to run: nothing in it is replaced or split any more. */
export interface SuiteCommand {
  readonly argv: readonly string[];
  /** Pass the argv's one element to a shell; `LOOP_*` names are environment then, never text. */
  readonly shell: boolean;
  readonly cwd: string;
  /** The whole environment of the command. */
  readonly env: Readonly<Record<string, string>>;
  readonly limits: { readonly timeoutMs: number; readonly graceMs: number; readonly outputBytesMax: number };
  /** Called before the work starts, so that a crashed `loop` can reap the group. */
  readonly onStart: (process: ProcessGroup) => Promise<void>;
  readonly onOutput?: (text: string, stream: 'stdout' | 'stderr') => void;
  /** Called when it works; may stop it at any time, and says why. What it answers is called when the command has ended. */
  readonly watch?: (stop: (why: StopReason) => void) => () => void;
  /** Called before the first interrupt, whoever asked for it: what the command says from then on is about the interrupt. */
  readonly onStopping?: () => void;
}

/** Why a watcher stops a command: one of its tests hangs, or nothing that it could still say matters. */
export interface StopReason {
  readonly how: 'test-timeout' | 'stopped';
  readonly message: string;
}

/** A process group and when its leader started (clock ticks since boot), which tells it from a reused id. */
export interface ProcessGroup {
  readonly pid: number;
  readonly startedAtTicks: string | null;
}

export interface CommandEnd {
  /** Null when it was killed or never started. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** `exited` by itself; by us `timeout`, `cancelled`, or as its watcher said; `not-started` when there is no such program. */
  readonly how: 'exited' | 'timeout' | 'cancelled' | StopReason['how'] | 'not-started';
  readonly message: string | null;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly output: Uint8Array;
  /** What of it went to stdout. */
  readonly stdout: Uint8Array;
  readonly outputTruncated: boolean;
  readonly peakRssBytes: number | null;
}

/** Runs a command in a process group of its own and leaves nothing of it behind: interrupt, grace, kill. */
export interface Tester {
  run(command: SuiteCommand, signal: AbortSignal): Promise<CommandEnd>;
  /** Ends what a crashed run left: kills the group only if its leader is still the same process. */
  reap(group: ProcessGroup): Promise<boolean>;
}
