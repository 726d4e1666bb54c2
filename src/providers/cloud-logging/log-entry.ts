import type { protos } from '@google-cloud/logging-api';
import type { HttpRequestEntry, LogEntry } from '../../ports/logs.ts';
import { instantOf, shortName } from '../google/wire.ts';
import { auditOf, payloadToJson } from './audit-log.ts';
import { structToJson } from './struct.ts';

type WireEntry = protos.google.logging.v2.ILogEntry;
type WireRequest = protos.google.logging.type.IHttpRequest;
type Redact = (text: string) => string;

/** An entry in our shape. Whatever a service wrote passes `redact` here, before anyone else sees it. */
export function logEntry(entry: WireEntry, redact: Redact): LogEntry {
  const labels = entry.resource?.labels ?? {};
  const proto = entry.protoPayload ? redacted(payloadToJson(entry.protoPayload), redact) : null;
  return {
    insertId: entry.insertId ?? '',
    at: instantOf(entry.timestamp) ?? instantOf(entry.receiveTimestamp) ?? '',
    severity: String(entry.severity || 'DEFAULT'),
    log: lastPartOfLog(entry.logName ?? ''),
    service: labels.service_name || null,
    revision: labels.revision_name || null,
    trace: shortName(entry.trace),
    text: entry.textPayload ? redact(entry.textPayload) : null,
    json: entry.jsonPayload ? structToJson(entry.jsonPayload, redact) : proto,
    request: entry.httpRequest ? requestOf(entry.httpRequest, redact) : null,
    // From the platform's own message only: a service may log what looks like one.
    audit: auditOf(proto),
  };
}

/** `varlog/system` of `projects/p/logs/run.googleapis.com%2Fvarlog%2Fsystem`: the log without its project and product. */
function lastPartOfLog(logName: string): string {
  const encoded = shortName(logName) ?? '';
  return decoded(encoded).replace(/^[a-z0-9-]+(\.[a-z0-9-]+)+\//, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function redacted(json: Record<string, unknown>, redact: Redact): Record<string, unknown> {
  const value = (field: unknown): unknown => {
    if (typeof field === 'string') return redact(field);
    return typeof field === 'object' && field !== null ? redacted(field as Record<string, unknown>, redact) : field;
  };
  return Object.fromEntries(Object.entries(json).map(([key, field]) => [key, value(field)]));
}

function requestOf(request: WireRequest, redact: Redact): HttpRequestEntry {
  return {
    method: request.requestMethod ?? '',
    url: redact(request.requestUrl ?? ''),
    status: request.status ?? 0,
    userAgent: redact(request.userAgent ?? ''),
    latencyMs: request.latency ? millisecondsOf(request.latency) : null,
  };
}

function millisecondsOf(duration: NonNullable<WireRequest['latency']>): number {
  return Number(duration.seconds ?? 0) * 1_000 + (duration.nanos ?? 0) / 1_000_000;
}
