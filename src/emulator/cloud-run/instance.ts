import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { signalGroup } from '../process-group.ts';
import { lineSplitter } from './line-splitter.ts';

const stopGraceMs = 2000;
const killedMs = 500;

export interface InstanceOptions {
  readonly argv: readonly string[];
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** One running container: a process group of its own whose output is read line by line. */
export class Instance {
  readonly pid: number;
  /** Settles when the process is gone and all of its output was told. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, pid: number, exited: Promise<Exit>) {
    this.#child = child;
    this.pid = pid;
    this.exited = exited;
  }

  /** Fails with the system's words when the command cannot be run. */
  static async start(
    options: InstanceOptions,
  ): Promise<{ ok: true; instance: Instance } | { ok: false; because: string }> {
    const [command = '', ...args] = options.argv;
    const program = command === 'node' ? process.execPath : command;
    const child = spawn(program, args, {
      cwd: options.folder,
      env: { ...options.env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of ['stdout', 'stderr'] as const)
      tellLines(child[stream], (line) => options.onLine(stream, line));
    const exited = once(child, 'close').then(([code, signal]): Exit => ({ code, signal }));
    exited.catch(() => {});
    if (child.pid !== undefined) return { ok: true, instance: new Instance(child, child.pid, exited) };
    const [error] = await once(child, 'error');
    return { ok: false, because: error instanceof Error ? error.message : String(error) };
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Asks the group to end, and makes it. */
  async stop(): Promise<void> {
    signalGroup(this.pid, 'SIGTERM');
    await Promise.race([this.exited, sleep(stopGraceMs, undefined, { ref: false })]);
    signalGroup(this.pid, 'SIGKILL');
    // A grandchild that left the group may hold the pipes open for ever.
    await Promise.race([this.exited, sleep(killedMs, undefined, { ref: false })]);
  }
}

function tellLines(stream: Readable, tell: (line: string) => void): void {
  const splitter = lineSplitter(tell);
  stream.on('data', (chunk: Buffer) => splitter.push(chunk));
  stream.on('end', () => splitter.end());
}
