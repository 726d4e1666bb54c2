import { StringDecoder } from 'node:string_decoder';
import { fail, type Result } from '../../core/result.ts';
import { type BoundedOutput, boundedOutput } from './bounded-output.ts';
import { findProgram } from './find-program.ts';
import { behindGate } from './gate.ts';
import type { ProgramEnd, ProgramOptions } from './program.ts';
import { type Child, spawn } from './spawn.ts';
import { supervise } from './supervise.ts';

/**
 * Runs a program in a process group of its own: an argv, never a shell's text. At the time limit or at the abort the group
 * is interrupted and, after the grace, killed; when the leader has ended, what is left of the group is killed.
 * An end of any kind is a value; only `onStart`'s own error is thrown, after everything is cleared away.
 */
export async function runProgram(
  argv: readonly string[],
  options: ProgramOptions,
  signal: AbortSignal,
): Promise<ProgramEnd> {
  const output = boundedOutput(options.outputBytesMax);
  const startedMs = performance.now();
  if (signal.aborted) return neverStarted('cancelled', 'cancelled before it started', output);
  const words = await wordsToSpawn(argv, options);
  if (!words.ok) return neverStarted('not-started', words.failure.message, output);
  const child = spawn(words.value, options);
  if (child.pid === undefined) {
    return neverStarted('not-started', (await child).originalMessage ?? 'the system refused to start it', output);
  }
  collect(child, output, options.onOutput);
  const end = await supervise(child, child.pid, options, signal);
  return { ...end, durationMs: performance.now() - startedMs, output };
}

function neverStarted(how: 'cancelled' | 'not-started', message: string, output: BoundedOutput): ProgramEnd {
  return { exitCode: null, signal: null, how, message, durationMs: 0, output, peakRssBytes: null };
}

async function wordsToSpawn(argv: readonly string[], options: ProgramOptions): Promise<Result<readonly string[]>> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '') return fail('not-started', 'the command is empty');
  const program = await findProgram(name, options.cwd, options.env.PATH);
  if (!program.ok) return program;
  if (options.onStart === undefined) return { ok: true, value: [program.value, ...rest] };
  return behindGate(program.value, rest, options.env);
}

function collect(child: Child, output: BoundedOutput, onOutput: ProgramOptions['onOutput']): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const decoder = new StringDecoder('utf8');
    child[name]?.on('data', (bytes: Buffer) => {
      output.add(name, bytes);
      onOutput?.(decoder.write(bytes), name);
    });
  }
}
