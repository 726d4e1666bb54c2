import type { LogEntry } from '../ports/logs.ts';

/** Oldest first, each entry once: paging may answer one twice, and logs come late and out of order. */
export function inOrder(entries: readonly LogEntry[]): LogEntry[] {
  const keyed = new Map(entries.map((entry) => [`${instantKey(entry.at)} ${entry.insertId} ${entry.log}`, entry]));
  return [...keyed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}

/** An instant as text that sorts by time, to the nanosecond: Date alone would drop what follows the milliseconds. */
export function instantKey(at: string): string {
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return at;
  const fraction = /\.(\d+)/.exec(at)?.[1] ?? '';
  return `${new Date(ms).toISOString().slice(0, 19)}.${fraction.padEnd(9, '0').slice(0, 9)}Z`;
}
