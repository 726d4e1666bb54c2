import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly output: string;
}

/** TypeScript that a test runs in processes of its own, which it may kill. */
export interface ChildProgram {
  /** `onLine` hears each line that it prints and may kill it; its environment is small. */
  run(args: readonly string[], onLine?: (line: string, child: ChildProcess) => void): Promise<ChildEnd>;
  remove(): void;
}

/** `contents` may import from `src` by paths such as `./store/run-store.ts`. */
export async function childProgram(contents: string): Promise<ChildProgram> {
  // Inside node_modules, so that the bundle finds the packages that it leaves outside.
  const folder = mkdtempSync(join(resolve('node_modules'), '.loop-child-'));
  const outfile = join(folder, 'child.mjs');
  const stdin = { contents, resolveDir: resolve('src'), loader: 'ts' as const };
  await build({ stdin, bundle: true, platform: 'node', format: 'esm', packages: 'external', outfile });
  return {
    run: (args, onLine) => runChild([outfile, ...args], onLine),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function runChild(argv: readonly string[], onLine?: (line: string, child: ChildProcess) => void): Promise<ChildEnd> {
  const child = spawn(process.execPath, argv, {
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let line = '';
  const take = (chunk: Buffer) => {
    output += chunk;
    line += chunk;
    for (let end = line.indexOf('\n'); end >= 0; end = line.indexOf('\n')) {
      onLine?.(line.slice(0, end), child);
      line = line.slice(end + 1);
    }
  };
  child.stdout.on('data', take);
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code, signal) => done({ code, signal, output }));
  });
}
