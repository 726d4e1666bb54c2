/** Severities and their numbers, as the API compares them. */
export const severities = {
  DEFAULT: 0,
  DEBUG: 100,
  INFO: 200,
  NOTICE: 300,
  WARNING: 400,
  ERROR: 500,
  CRITICAL: 600,
  ALERT: 700,
  EMERGENCY: 800,
} as const;
export type Severity = keyof typeof severities;

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** One entry in the API's own JSON shape: what `gcloud logging read --format json` prints. */
export interface LogEntry {
  readonly logName: string;
  readonly resource: { readonly type: string; readonly labels: Readonly<Record<string, string>> };
  /** Instants in UTC with nine decimals, so that they sort as text. */
  readonly timestamp: string;
  readonly receiveTimestamp: string;
  /** Left out where the line carried none: `DEFAULT`. */
  readonly severity?: Severity;
  readonly insertId: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly textPayload?: string;
  readonly jsonPayload?: JsonObject;
  readonly protoPayload?: AuditLog;
  readonly httpRequest?: HttpRequest;
  readonly trace?: string;
  readonly spanId?: string;
  readonly traceSampled?: boolean;
}

/** Sizes are bytes on the wire, as text; latency is seconds with an `s`. */
export interface HttpRequest {
  readonly requestMethod: string;
  readonly requestUrl: string;
  readonly requestSize: string;
  readonly status: number;
  readonly responseSize: string;
  readonly userAgent?: string;
  readonly remoteIp: string;
  readonly serverIp: string;
  readonly referer?: string;
  readonly latency: string;
  readonly protocol: string;
}

export interface AuditLog {
  readonly '@type': 'type.googleapis.com/google.cloud.audit.AuditLog';
  readonly serviceName: string;
  readonly methodName: string;
  readonly resourceName: string;
  readonly authenticationInfo?: { readonly principalEmail: string };
  readonly requestMetadata?: { readonly callerIp: string; readonly callerSuppliedUserAgent: string };
  readonly status?: { readonly code?: number; readonly message: string };
}

/** Severity names that programs print and Cloud Logging understands; anything else stays without one. */
export function severityOf(word: string): Severity | undefined {
  const name = word.toUpperCase();
  const known = { WARN: 'WARNING', ERR: 'ERROR', FATAL: 'CRITICAL', TRACE: 'DEBUG', EMERG: 'EMERGENCY' } as const;
  if (name in known) return known[name as keyof typeof known];
  return name in severities ? (name as Severity) : undefined;
}

/** Entries are kept, paged and compared in this order. */
export function compareEntries(
  a: Pick<LogEntry, 'timestamp' | 'insertId'>,
  b: Pick<LogEntry, 'timestamp' | 'insertId'>,
) {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp ? -1 : 1;
  if (a.insertId === b.insertId) return 0;
  return a.insertId < b.insertId ? -1 : 1;
}
