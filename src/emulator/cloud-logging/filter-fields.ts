import type { LogEntry } from './log-entry.ts';

/**
 * The fields a filter may name. Cloud Logging treats a field that an entry lacks in three ways: one that LogEntry defines
 * has its default value, one inside a payload or the labels is missing (every comparison with it fails), and any
 * other name is an error.
 */
export type Field =
  | { readonly kind: 'defined'; readonly fallback: string | number | boolean }
  | { readonly kind: 'open' }
  | { readonly kind: 'unknown' };

const open: Field = { kind: 'open' };
const text: Field = { kind: 'defined', fallback: '' };
const number: Field = { kind: 'defined', fallback: 0 };
const flag: Field = { kind: 'defined', fallback: false };

const defined: Readonly<Record<string, Field>> = {
  logName: text,
  'resource.type': text,
  timestamp: text,
  receiveTimestamp: text,
  severity: { kind: 'defined', fallback: 'DEFAULT' },
  insertId: text,
  textPayload: text,
  jsonPayload: open,
  protoPayload: open,
  labels: open,
  resource: open,
  httpRequest: open,
  'resource.labels': open,
  trace: text,
  spanId: text,
  traceSampled: flag,
  'httpRequest.requestMethod': text,
  'httpRequest.requestUrl': text,
  'httpRequest.requestSize': number,
  'httpRequest.status': number,
  'httpRequest.responseSize': number,
  'httpRequest.userAgent': text,
  'httpRequest.remoteIp': text,
  'httpRequest.serverIp': text,
  'httpRequest.referer': text,
  'httpRequest.latency': { kind: 'defined', fallback: '0s' },
  'httpRequest.protocol': text,
};

const openRoots = [['jsonPayload'], ['protoPayload'], ['labels'], ['resource', 'labels']];

export function fieldAt(path: readonly string[]): Field {
  const inside = openRoots.some((root) => path.length > root.length && root.every((part, i) => path[i] === part));
  return inside ? open : (defined[path.join('.')] ?? { kind: 'unknown' });
}

/** Every value at the path; an array on the way means any of its elements. Nothing found is an empty list. */
export function valuesAt(entry: LogEntry, path: readonly string[]): unknown[] {
  let values: unknown[] = [entry];
  for (const part of path) values = values.flatMap((value) => step(value, part));
  return values.flat();
}

function step(value: unknown, part: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((element) => step(element, part));
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return [];
  const found = (value as Record<string, unknown>)[part];
  return found === undefined ? [] : [found];
}
