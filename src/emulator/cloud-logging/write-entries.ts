import { z } from 'zod';
import { type Answer, answer, refuse } from '../answer.ts';
import { type Clock, fromTimestamp } from '../clock.ts';
import { insertId } from './insert-id.ts';
import { type LogEntry, severities } from './log-entry.ts';
import type { LogIntake } from './log-intake.ts';
import { Struct } from './struct.ts';

const Labels = z.record(z.string(), z.string());
const Resource = z.object({ type: z.string(), labels: Labels });
const Timestamp = z.object({ seconds: z.string(), nanos: z.number() });
const Entry = z.object({
  logName: z.string(),
  resource: Resource.nullish(),
  timestamp: Timestamp.nullish(),
  severity: z.enum(Object.keys(severities) as [keyof typeof severities]),
  insertId: z.string(),
  labels: Labels,
  textPayload: z.string().optional(),
  jsonPayload: Struct.optional(),
  protoPayload: z.unknown().optional(),
  httpRequest: z.unknown().optional(),
  trace: z.string(),
  spanId: z.string(),
  traceSampled: z.boolean(),
});
const WriteLogEntriesRequest = z.object({
  logName: z.string(),
  resource: Resource.nullish(),
  labels: Labels,
  entries: z.array(Entry),
  dryRun: z.boolean(),
});
type WriteLogEntriesRequest = z.infer<typeof WriteLogEntriesRequest>;

/** WriteLogEntries: text and JSON payloads. All entries are judged before the first is kept. */
export function writeLogEntries(
  { store, clock, random }: { store: LogIntake; clock: Clock; random: () => number },
  message: unknown,
): Answer<object> {
  const request = WriteLogEntriesRequest.parse(message);
  const complete: LogEntry[] = [];
  for (const entry of request.entries) {
    const whole = completed(entry, request, clock.now(), random);
    if (!whole.ok) return whole;
    complete.push(whole.value);
  }
  if (!request.dryRun) for (const entry of complete) store.append(entry);
  return answer({});
}

function completed(
  entry: z.infer<typeof Entry>,
  request: WriteLogEntriesRequest,
  now: string,
  random: () => number,
): Answer<LogEntry> {
  if (entry.protoPayload != null || entry.httpRequest != null) {
    return refuse('UNIMPLEMENTED', 'WriteLogEntries of the emulator takes text_payload and json_payload only.');
  }
  const logName = entry.logName || request.logName;
  const resource = entry.resource ?? request.resource;
  if (!/^projects\/[^/]+\/logs\/[^/]+$/.test(logName)) {
    return refuse(
      'INVALID_ARGUMENT',
      `Invalid log_name '${logName}': expected projects/[PROJECT_ID]/logs/[LOG_ID], the id URL-encoded.`,
    );
  }
  if (resource == null) return refuse('INVALID_ARGUMENT', 'A monitored resource must be given.');
  const timestamp = entry.timestamp == null ? now : fromTimestamp(entry.timestamp);
  const labels = { ...request.labels, ...entry.labels };
  return answer({
    logName,
    resource,
    timestamp,
    receiveTimestamp: now,
    ...(entry.severity === 'DEFAULT' ? {} : { severity: entry.severity }),
    insertId: entry.insertId || insertId(timestamp, random),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(entry.textPayload === undefined ? {} : { textPayload: entry.textPayload }),
    ...(entry.jsonPayload === undefined ? {} : { jsonPayload: entry.jsonPayload }),
    ...(entry.trace === '' ? {} : { trace: entry.trace }),
    ...(entry.spanId === '' ? {} : { spanId: entry.spanId }),
    ...(entry.traceSampled ? { traceSampled: true } : {}),
  });
}
