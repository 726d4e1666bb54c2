import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { LedgerRow } from '../emulator/ledger.ts';

const loopBin = resolve('dist', 'loop.cjs');

export interface LoopEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `loop` that is at work. */
export interface LoopAtWork {
  readonly end: Promise<LoopEnd>;
  /** Resolves when stderr holds the text; rejects when it ended without. */
  said(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** A real `loop` process in a project's folder, with a small environment of its own. */
export function runLoop(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<LoopEnd> {
  return startLoop(folder, args, env).end;
}

export function startLoop(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): LoopAtWork {
  const base = { PATH: process.env.PATH ?? '', HOME: folder, NO_COLOR: '1' };
  const child = spawn(process.execPath, [loopBin, ...args], {
    cwd: folder,
    env: { ...base, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const end = new Promise<LoopEnd>((settle, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) => settle({ exitCode, signal, stdout, stderr }));
  });
  const said = (text: string) =>
    new Promise<void>((settle, reject) => {
      const look = () => stderr.includes(text) && settle();
      child.stderr.on('data', look);
      child.on('close', () => reject(new Error(`it ended without saying ${text}:\n${stderr}`)));
      look();
    });
  return { end, said, kill: (signal) => child.kill(signal) };
}

/** What the emulator counted: the outside's own word on how often something happened. */
export function ledgerOf(folder: string): LedgerRow[] {
  const file = join(folder, '.loop', 'emulator', 'ledger.ndjson');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return z.array(LedgerRow).parse(lines.map((line) => JSON.parse(line)));
}
