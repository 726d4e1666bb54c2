import type { Result } from '../core/result.ts';

/** One log entry, in one shape for all sources. Text is redacted before it gets here. */
export interface LogEntry {
  readonly insertId: string;
  /** UTC with nanoseconds where the source has them. */
  readonly at: string;
  /** `DEFAULT` where the line carried none. */
  readonly severity: string;
  /** Last part of the log's name: `stdout`, `stderr`, `requests`, `varlog/system`, `activity`. */
  readonly log: string;
  readonly service: string | null;
  readonly revision: string | null;
  readonly trace: string | null;
  readonly text: string | null;
  readonly json: Readonly<Record<string, unknown>> | null;
  readonly request: HttpRequestEntry | null;
  /** Who changed what, on entries of the audit log. */
  readonly audit: AuditEntry | null;
}

interface AuditEntry {
  /** e.g. `google.cloud.run.v2.Services.UpdateService`. */
  readonly method: string;
  readonly principal: string | null;
  /** What the caller called itself; loop's own calls carry its run id. */
  readonly userAgent: string | null;
  readonly resource: string | null;
  /** False when the call was refused. */
  readonly succeeded: boolean;
}

export interface HttpRequestEntry {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly userAgent: string;
  readonly latencyMs: number | null;
}

export interface LogQuery {
  readonly services: readonly string[];
  /** Instants, from inclusive, to exclusive. */
  readonly from: string;
  readonly to: string;
  /** Text that must be in the request's user agent; only request entries match then. */
  readonly userAgent?: string;
  /** Only request entries, or only audit entries. */
  readonly only?: 'requests' | 'audit';
  readonly revision?: string;
  readonly entriesMax: number;
}

export interface LogAnswer {
  /** The filter as it was sent: whoever doubts the answer can ask again. */
  readonly filter: string;
  /** Oldest first. */
  readonly entries: readonly LogEntry[];
  /** True when `entriesMax` cut the answer: `covered` is then narrower than what was asked for. */
  readonly truncated: boolean;
}

/** Where logs are read. An empty answer and a failed query are different things: a failure is a value. */
export interface Logs {
  read(query: LogQuery, signal: AbortSignal): Promise<Result<LogAnswer>>;
}
