import { setTimeout as wait } from 'node:timers/promises';
import type { StopReason } from '../../ports/tester.ts';
import { type Descendants, watchDescendants } from './descendants.ts';
import { endGroup, groupEnded, groupExists, signalGroup } from './end-group.ts';
import { GATE_OPENS } from './gate.ts';
import { type ProcessFacts, readProcess } from './process-facts.ts';
import type { ProgramEnd, ProgramOptions } from './program.ts';
import type { Child } from './spawn.ts';

/** How long the pipes of an ended program may stay open before they are cut: someone unseen still holds them. */
const DRAIN_MS_MAX = 1000;

type Ended = Omit<ProgramEnd, 'durationMs' | 'output'>;

/** Stays with a process from its start until nothing of it is left. */
export async function supervise(
  child: Child,
  pid: number,
  options: ProgramOptions,
  signal: AbortSignal,
): Promise<Ended> {
  const exit = exitOf(child);
  const leader = readProcess(pid);
  const descendants = watchDescendants(pid);
  const stopping = stopWhenDue(pid, options, signal);
  const refused = await openGate(child, pid, leader, options);
  const unwatch = refused === null ? options.watch?.(stopping.stop) : undefined;
  const [exitCode, endedBy] = await exit;
  unwatch?.();
  if (stopping.why !== null) await groupEnded(leader, options.graceMs);
  stopping.done();
  const leftOver = await clear(pid, leader, descendants, options.onStart !== undefined);
  descendants.stop();
  await drain(child);
  if (refused !== null) throw refused.error;
  const how = stopping.why?.how ?? 'exited';
  const message = sentence(stopping.why, endedBy, leftOver);
  return { exitCode, signal: endedBy, how, message, peakRssBytes: descendants.peakRssBytes() };
}

function exitOf(child: Child): Promise<[number | null, string | null]> {
  return new Promise((resolve) => {
    child.once('exit', (code: number | null, endedBy: string | null) => resolve([code, endedBy]));
  });
}

interface Stop {
  readonly how: 'timeout' | 'cancelled' | StopReason['how'];
  readonly message: string;
}

/** Interrupts the group at the time limit, at the abort or at its watcher's word, whichever is first, and kills it after the grace. */
function stopWhenDue(pid: number, options: ProgramOptions, signal: AbortSignal) {
  let why: Stop | null = null;
  let grace: NodeJS.Timeout | undefined;
  function stop(reason: Stop): void {
    if (why !== null) return;
    why = reason;
    options.onStopping?.();
    signalGroup(pid, 'SIGINT');
    grace = setTimeout(() => signalGroup(pid, 'SIGKILL'), options.graceMs);
  }
  const onAbort = () => stop({ how: 'cancelled', message: 'stopped because the run was interrupted or cancelled' });
  const late = { how: 'timeout', message: `stopped after its time limit of ${limitWords(options.timeoutMs)}` } as const;
  const limit = setTimeout(() => stop(late), options.timeoutMs);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return {
    stop,
    get why() {
      return why;
    },
    done() {
      clearTimeout(limit);
      clearTimeout(grace);
      signal.removeEventListener('abort', onAbort);
    },
  };
}

/** Tells `onStart`, then lets the program begin. When `onStart` fails the program never does anything. */
async function openGate(
  child: Child,
  pid: number,
  leader: ProcessFacts | null,
  options: ProgramOptions,
): Promise<{ error: unknown } | null> {
  if (options.onStart === undefined) return null;
  // A program that was ended before its gate opened has no reader for the line.
  child.stdin?.on('error', () => undefined);
  try {
    await options.onStart({ pid, startedAtTicks: leader?.startedAtTicks ?? null });
    child.stdin?.end(GATE_OPENS);
    return null;
  } catch (error) {
    child.stdin?.end();
    return { error };
  }
}

/** Ends what the leader left behind; tells how many processes that were. */
async function clear(
  pid: number,
  leader: ProcessFacts | null,
  descendants: Descendants,
  thorough: boolean,
): Promise<number> {
  if (leader === null) return signalGroup(pid, 'SIGKILL') ? 1 : 0;
  const known = descendants.running();
  // Looking through all processes costs milliseconds: a short call that left no group is not worth it.
  if (!thorough && known.length === 0 && !groupExists(pid)) return 0;
  return endGroup(leader, known);
}

async function drain(child: Child): Promise<void> {
  const drained = new AbortController();
  const limit = wait(DRAIN_MS_MAX, undefined, { signal: drained.signal }).catch(() => undefined);
  await Promise.race([child, limit]);
  drained.abort();
  child.stdout?.destroy();
  child.stderr?.destroy();
  await child;
}

function limitWords(timeoutMs: number): string {
  return timeoutMs % 1000 === 0 ? `${timeoutMs / 1000} s` : `${timeoutMs} ms`;
}

function sentence(why: Stop | null, endedBy: string | null, leftOver: number): string | null {
  const parts: string[] = why === null ? [] : [why.message];
  if (why === null && endedBy !== null) parts.push(`ended by ${endedBy}`);
  if (leftOver > 0) parts.push(`${leftOver} process${leftOver === 1 ? '' : 'es'} left behind, ended`);
  return parts.length === 0 ? null : parts.join('; ');
}
