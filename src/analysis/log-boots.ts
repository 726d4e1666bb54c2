import type { LogEntry } from '../ports/logs.ts';
import { textOf } from './log-signature.ts';
import { firstLine } from './log-template.ts';

export interface Boots {
  /** The boot that an entry belongs to; null where its service's log shows no boot at all. */
  bootOf(entry: LogEntry): string | null;
  /** A boot that ended by itself with a failure: what it logged is one occurrence. */
  crashed(boot: string): boolean;
}

/**
 * One boot writes several of these, so a service's boots are counted by the first kind that its log holds at all.
 * The platform's own words come first.
 */
const startMarks = [
  /^Starting new instance/,
  /^Default STARTUP .*probe succeeded/,
  /Starting gunicorn|Started server process/,
  /\b[Ll]istening (?:on|at)\b|\bserver started\b/i,
];
const exitMark = /^Container called exit\(/;
const crashMark =
  /^Container called exit\([1-9]|Worker failed to boot|container failed to start|Application startup failed/i;

/** `entries` oldest first. Instances of one revision that boot at the same time are told apart only by the order of their lines. */
export function countBoots(entries: readonly LogEntry[]): Boots {
  const boots = new Map<LogEntry, string>();
  const crashes = new Set<string>();
  for (const [name, stream] of streamsOf(entries)) {
    const mark = startMarks.find((start) => stream.some((entry) => start.test(lineOf(entry))));
    if (mark === undefined && !stream.some((entry) => exitMark.test(lineOf(entry)))) continue;
    let n = 0;
    for (const entry of stream) {
      const line = lineOf(entry);
      if (mark?.test(line)) n += 1;
      const boot = `${name}#${n}`;
      boots.set(entry, boot);
      if (crashMark.test(line)) crashes.add(boot);
      if (mark === undefined && exitMark.test(line)) n += 1;
    }
  }
  return { bootOf: (entry) => boots.get(entry) ?? null, crashed: (boot) => crashes.has(boot) };
}

function streamsOf(entries: readonly LogEntry[]): Map<string, LogEntry[]> {
  const streams = new Map<string, LogEntry[]>();
  for (const entry of entries) {
    const name = `${entry.service ?? ''}/${entry.revision ?? ''}`;
    const stream = streams.get(name);
    if (stream) stream.push(entry);
    else streams.set(name, [entry]);
  }
  return streams;
}

function lineOf(entry: LogEntry): string {
  return firstLine(textOf(entry) ?? '');
}
