import { readdirSync, readFileSync } from 'node:fs';

/** What `/proc/<pid>/stat` tells about a process; ids are the kernel's. */
export interface ProcessFacts {
  readonly pid: number;
  readonly group: number;
  readonly session: number;
  /** Clock ticks since boot: with the pid, this names one process for ever. */
  readonly startedAtTicks: string;
  /** A zombie: it has ended and only waits to be collected. */
  readonly ended: boolean;
}

/** Null where there is no such process, or no `/proc` at all. */
export function readProcess(pid: number): ProcessFacts | null {
  const stat = readProc(`${pid}/stat`);
  if (stat === null) return null;
  // The program's name stands in parentheses and may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    group: Number(fields[2]),
    session: Number(fields[3]),
    startedAtTicks: fields[19] ?? '',
    ended: fields[0] === 'Z' || fields[0] === 'X',
  };
}

/** Whether this very process, not another one with its pid, still runs. */
export function stillRuns(process: ProcessFacts): boolean {
  const now = readProcess(process.pid);
  return now !== null && now.startedAtTicks === process.startedAtTicks && !now.ended;
}

/** Running processes of the group, or of the session, that `leader` opened. Empty where there is no `/proc`. */
export function membersOf(leader: number): readonly ProcessFacts[] {
  return pidsIn('')
    .map(readProcess)
    .filter((process) => process !== null)
    .filter((process) => !process.ended && (process.group === leader || process.session === leader));
}

/** Children of all threads: Node's workers start processes from their own. */
export function childrenOf(pid: number): readonly number[] {
  return pidsIn(`${pid}/task`).flatMap((thread) => {
    const children = readProc(`${pid}/task/${thread}/children`);
    return (children ?? '').split(' ').filter(Boolean).map(Number);
  });
}

/** The most memory that the process has held at once, in bytes; 0 when it has ended. */
export function peakRssBytesOf(pid: number): number {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(readProc(`${pid}/status`) ?? '');
  return Number(line?.[1] ?? 0) * 1024;
}

function pidsIn(folder: string): readonly number[] {
  try {
    return readdirSync(`/proc/${folder}`)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Reads are synchronous: procfs answers from memory, and a process may be gone between two awaits. */
function readProc(path: string): string | null {
  try {
    return readFileSync(`/proc/${path}`, 'latin1');
  } catch {
    return null;
  }
}
