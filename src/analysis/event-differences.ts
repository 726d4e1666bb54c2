import type { LogEntry } from '../ports/logs.ts';
import { inOrder } from './log-order.ts';
import { textOf } from './log-signature.ts';
import { templateOf } from './log-template.ts';

/** What two revisions log differently about the same event: evidence for a why. */
export interface EventDifference {
  /** `event sent, event.type=tool_executing: event.keys tool_name gone, payload new` */
  readonly what: string;
  readonly service: string;
  readonly gone: readonly string[];
  readonly added: readonly string[];
  readonly candidateInsertId: string;
  readonly referenceInsertId: string;
  /** The entry's JSON, at most 500 characters. */
  readonly candidateSample: string;
  readonly referenceSample: string;
}

const depthMax = 4;
const discriminatorCharsMax = 64;
const sampleCharsMax = 500;
const differencesMax = 50;

/**
 * Compares JSON entries of the same service and message. A list of strings in them (`event.keys`) is compared among entries
 * that agree in the short strings beside it (`event.type=tool_executing`); the entry's own fields are compared as such a list.
 * Reported is what every entry of one side has and none of the other side: what merely varies is no difference.
 */
export function compareEvents(sides: {
  readonly candidate: readonly LogEntry[];
  readonly reference: readonly LogEntry[];
}): EventDifference[] {
  const candidate = summarize(sides.candidate);
  const reference = summarize(sides.reference);
  const differences = [...candidate].flatMap(([key, summary]) => {
    const before = reference.get(key);
    return before === undefined ? [] : difference(summary, before);
  });
  return differences.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1)).slice(0, differencesMax);
}

/** One list of one kind of event on one side. */
interface Summary {
  readonly title: string;
  readonly service: string;
  readonly list: string;
  readonly always: ReadonlySet<string>;
  readonly ever: ReadonlySet<string>;
  readonly first: LogEntry;
}

interface NamedList {
  /** What makes two lists comparable, for people. */
  readonly title: string;
  readonly list: string;
  readonly values: readonly string[];
}

function summarize(entries: readonly LogEntry[]): Map<string, Summary> {
  const summaries = new Map<string, Summary>();
  for (const entry of inOrder(entries)) {
    for (const { title, list, values } of listsOf(entry)) {
      const service = entry.service ?? 'unknown';
      const key = JSON.stringify([service, title, list]);
      const before = summaries.get(key);
      const always = new Set(before ? values.filter((value) => before.always.has(value)) : values);
      const ever = new Set([...(before?.ever ?? []), ...values]);
      summaries.set(key, { title, service, list, always, ever, first: before?.first ?? entry });
    }
  }
  return summaries;
}

function difference(candidate: Summary, reference: Summary): EventDifference[] {
  const gone = [...reference.always].filter((value) => !candidate.ever.has(value)).sort();
  const added = [...candidate.always].filter((value) => !reference.ever.has(value)).sort();
  if (gone.length + added.length === 0) return [];
  const changes = [
    ...(gone.length ? [`${gone.join(', ')} gone`] : []),
    ...(added.length ? [`${added.join(', ')} new`] : []),
  ];
  return [
    {
      what: `${candidate.title}: ${candidate.list} ${changes.join(', ')}`,
      service: candidate.service,
      gone,
      added,
      candidateInsertId: candidate.first.insertId,
      referenceInsertId: reference.first.insertId,
      candidateSample: JSON.stringify(candidate.first.json).slice(0, sampleCharsMax),
      referenceSample: JSON.stringify(reference.first.json).slice(0, sampleCharsMax),
    },
  ];
}

function listsOf(entry: LogEntry): NamedList[] {
  if (entry.json === null) return [];
  const message = templateOf(textOf(entry) ?? '');
  if (message === '') return [];
  return [{ title: message, list: 'fields', values: fieldsOf(entry.json) }, ...listsIn(entry.json, message, '', 0)];
}

function listsIn(record: Readonly<Record<string, unknown>>, message: string, path: string, depth: number): NamedList[] {
  if (depth >= depthMax) return [];
  const title = [message, ...discriminators(record, path)].join(', ');
  return Object.entries(record).flatMap(([key, value]): NamedList[] => {
    if (isStrings(value)) return [{ title, list: `${path}${key}`, values: value }];
    return isRecord(value) ? listsIn(value, message, `${path}${key}.`, depth + 1) : [];
  });
}

/** Short strings beside the list that no mask touches: `type=tool_executing`, not `run_id=5f0c…`. Of the entry itself none. */
function discriminators(record: Readonly<Record<string, unknown>>, path: string): string[] {
  if (path === '') return [];
  return Object.entries(record)
    .filter(([, value]) => typeof value === 'string' && isDiscriminator(value))
    .map(([key, value]) => `${path}${key}=${String(value)}`)
    .sort();
}

function isDiscriminator(value: string): boolean {
  return /^[\w.:/-]+$/.test(value) && value.length <= discriminatorCharsMax && templateOf(value) === value;
}

function fieldsOf(json: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(json).filter((key) => !key.startsWith('logging.googleapis.com/'));
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortKey({ service, what }: EventDifference): string {
  return `${service}\u0000${what}`;
}
