import type { LogEntry } from '../ports/logs.ts';
import { inOrder, instantKey } from './log-order.ts';

const messageCharsMax = 2000;

/** What is known about one test's requests. */
export interface TestTrail {
  readonly test: string;
  /** 32 hex digits: 8 bytes of the run, 8 of the test. Null where the client could not set it. */
  readonly traceId: string | null;
  /** When the test, or else its suite, ran. */
  readonly window: { readonly from: string; readonly to: string } | null;
  /** Names the path and status that failed, where it does. */
  readonly message: string;
}

export interface TestLogs {
  readonly test: string;
  /** `trace` is exact; `request` is a guess by time, path and status; `none` when nothing fits. */
  readonly how: 'trace' | 'request' | 'none';
  /** Oldest first. */
  readonly entries: readonly LogEntry[];
}

/**
 * Joins tests with the log entries of their requests: by trace, else by the requests of the test's time whose path, and
 * status where the message has one, it names, together with the entries that share such a request's trace.
 */
export function correlate(trails: readonly TestTrail[], entries: readonly LogEntry[]): TestLogs[] {
  const ordered = inOrder(entries);
  const byTrace = groupByTrace(ordered);
  return trails.map((trail) => {
    const traced = trail.traceId === null ? [] : (byTrace.get(trail.traceId.toLowerCase()) ?? []);
    if (traced.length > 0) return { test: trail.test, how: 'trace', entries: traced };
    const requests = namedRequests(trail, ordered);
    if (requests.length === 0) return { test: trail.test, how: 'none', entries: [] };
    const related = requests.flatMap((request) => [request, ...(byTrace.get(traceIdOf(request) ?? '') ?? [])]);
    return { test: trail.test, how: 'request', entries: inOrder(related) };
  });
}

/** The trace's 32 hex digits, whether the entry has them bare or as `projects/p/traces/…`. */
function traceIdOf(entry: LogEntry): string | null {
  const id = entry.trace?.split('/').at(-1)?.toLowerCase() ?? '';
  return /^[0-9a-f]{32}$/.test(id) ? id : null;
}

function groupByTrace(entries: readonly LogEntry[]): Map<string, LogEntry[]> {
  const groups = new Map<string, LogEntry[]>();
  for (const entry of entries) {
    const id = traceIdOf(entry);
    if (id === null) continue;
    const group = groups.get(id);
    if (group) group.push(entry);
    else groups.set(id, [entry]);
  }
  return groups;
}

function namedRequests({ window, message }: TestTrail, entries: readonly LogEntry[]): LogEntry[] {
  const said = message.slice(0, messageCharsMax);
  const paths = new Set([...said.matchAll(/(?:^|[\s"'`(]|:\/\/[^/\s]+)(\/[\w\-./~%]*)/g)].map((match) => match[1]));
  if (window === null || paths.size === 0) return [];
  const statuses = new Set([...said.matchAll(/\b[1-5]\d\d\b/g)].map(([status]) => Number(status)));
  const [from, to] = [instantKey(window.from), instantKey(window.to)];
  const inTime = entries.filter(({ at }) => instantKey(at) >= from && instantKey(at) <= to);
  const named = inTime.filter(({ request }) => request !== null && paths.has(pathOf(request.url)));
  const exact = named.filter(({ request }) => request !== null && statuses.has(request.status));
  return exact.length > 0 ? exact : statuses.size === 0 ? named : [];
}

function pathOf(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '') || '/';
}
