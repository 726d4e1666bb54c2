import { setTimeout as wait } from 'node:timers/promises';
import { membersOf, type ProcessFacts, readProcess, stillRuns } from './process-facts.ts';

const LOOK_EVERY_MS = 20;
const KILL_MS_MAX = 2000;

/** Sends a signal to a process group; false when there is none any more. */
export function signalGroup(leader: number, signal: NodeJS.Signals): boolean {
  return send(-leader, signal);
}

/** Whether the group has a process, be it one that has ended and was not collected yet. */
export function groupExists(leader: number): boolean {
  return send(-leader, 0);
}

/** Waits until nothing of the group runs, at most `timeoutMs`. */
export async function groupEnded(leader: ProcessFacts | null, timeoutMs: number): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (leader !== null && groupOf(leader).length > 0 && performance.now() < end) await wait(LOOK_EVERY_MS);
}

/**
 * Kills what is left of a group, of its session, and the processes in `known`. Answers how many it found.
 * Repeats, since a process that is being killed may have started one more.
 */
export async function endGroup(leader: ProcessFacts, known: readonly ProcessFacts[]): Promise<number> {
  const found = new Set<string>();
  const end = performance.now() + KILL_MS_MAX;
  for (;;) {
    const left = [...groupOf(leader), ...known.filter(stillRuns)];
    if (left.length === 0 || performance.now() > end) return found.size;
    for (const member of left) {
      found.add(`${member.pid}/${member.startedAtTicks}`);
      send(member.pid, 'SIGKILL');
    }
    await wait(LOOK_EVERY_MS);
  }
}

/** A leader's pid in the hands of another process means that its group is gone and the number is used again. */
function groupOf(leader: ProcessFacts): readonly ProcessFacts[] {
  const now = readProcess(leader.pid);
  if (now !== null && now.startedAtTicks !== leader.startedAtTicks) return [];
  return membersOf(leader.pid);
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
