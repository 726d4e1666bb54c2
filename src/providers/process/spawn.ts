import { execa } from 'execa';
import type { ProgramOptions } from './program.ts';

export type Child = ReturnType<typeof spawn>;

/** Starts the words in a process group and session of their own, nothing waited for. */
export function spawn(words: readonly string[], options: ProgramOptions) {
  const [file = '', ...rest] = words;
  const gated = options.onStart !== undefined;
  return execa(file, rest, {
    cwd: options.cwd,
    env: { ...options.env },
    extendEnv: false,
    detached: true,
    cleanup: false,
    buffer: false,
    reject: false,
    encoding: 'buffer',
    ...(options.input === undefined ? { stdin: gated ? 'pipe' : 'ignore' } : { input: options.input }),
  });
}
