import { readFileSync } from 'node:fs';
import type { RevisionRecord } from './records.ts';

const lookEveryMs = 200;
const mebi = 1024 * 1024;
const units: Readonly<Record<string, number>> = {
  '': 1,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 1024,
  Mi: mebi,
  Gi: 1024 * mebi,
};

/** The container's limit in bytes; null when none was asked for, or its words are none of Kubernetes'. */
export function memoryLimit({ template }: RevisionRecord): number | null {
  const resources = template.containers[0]?.resources;
  if (typeof resources !== 'object' || resources === null || !('limits' in resources)) return null;
  const limits = resources.limits as Readonly<Record<string, unknown>> | null;
  const [, digits = '', unit = 'none'] = /^(\d+)([KMG]i?|)$/.exec(String(limits?.memory ?? '')) ?? [];
  const factor = units[unit];
  return factor === undefined ? null : Number(digits) * factor;
}

/** Looks at the program's memory until it is over the limit or `stop` is called. Where the system does not tell it, never. */
export function watchMemory(pid: number, limitBytes: number, onOver: (message: string) => void): { stop(): void } {
  const timer = setInterval(() => {
    const bytes = residentBytes(pid);
    if (bytes === null || bytes <= limitBytes) return;
    clearInterval(timer);
    onOver(overText(limitBytes, bytes));
  }, lookEveryMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** The platform's words. */
function overText(limitBytes: number, bytes: number): string {
  return `Memory limit of ${Math.round(limitBytes / mebi)} MiB exceeded with ${Math.round(bytes / mebi)} MiB used. Consider increasing the memory limit, see https://cloud.google.com/run/docs/configuring/memory-limits`;
}

/** Null where there is no `/proc`, or the process is gone. */
function residentBytes(pid: number): number | null {
  try {
    const kibi = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kibi === undefined ? null : Number(kibi) * 1024;
  } catch {
    return null;
  }
}
