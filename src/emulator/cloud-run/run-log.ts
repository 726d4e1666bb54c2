import type { Clock } from '../clock.ts';
import { insertId } from '../cloud-logging/insert-id.ts';
import type { AuditLog, HttpRequest, LogEntry, Severity } from '../cloud-logging/log-entry.ts';
import type { LogIntake } from '../cloud-logging/log-intake.ts';
import { readOutputLine } from './output-line.ts';

/** Whose entry it is. Service-level entries have an empty revision, as Cloud Run's have. */
export interface Source {
  readonly project: string;
  readonly location: string;
  readonly service: string;
  readonly revision: string;
  readonly instanceId?: string;
}

export type RequestEntry = Pick<LogEntry, 'trace' | 'spanId' | 'traceSampled' | 'textPayload'> & {
  /** When the request began. */
  readonly timestamp: string;
  readonly httpRequest: HttpRequest;
};

export interface Activity {
  /** `google.cloud.run.v2.Services.UpdateService`. */
  readonly methodName: string;
  readonly resourceName: string;
  readonly principalEmail: string;
  readonly userAgent: string;
  /** Why it was refused; null when it was not. */
  readonly status: { readonly code: number; readonly message: string } | null;
}

const runLog = 'run.googleapis.com%2F';
const auditType = 'type.googleapis.com/google.cloud.audit.AuditLog';

/** Writes entries with the names, labels and fields that Cloud Run's own have. */
export class RunLog {
  readonly #store: LogIntake;
  readonly #clock: Clock;
  readonly #random: () => number;

  constructor(parts: { store: LogIntake; clock: Clock; random: () => number }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#random = parts.random;
  }

  line(source: Source, stream: 'stdout' | 'stderr', line: string): void {
    this.#add(source, `${runLog}${stream}`, readOutputLine(line, source.project));
  }

  /** The platform's own messages about an instance. */
  system(source: Source, severity: Severity, textPayload: string, labels: Readonly<Record<string, string>> = {}): void {
    this.#add(source, `${runLog}varlog%2Fsystem`, { severity, textPayload, labels });
  }

  request(source: Source, entry: RequestEntry): void {
    const { status } = entry.httpRequest;
    const severity: Severity = status >= 500 ? 'ERROR' : status >= 400 ? 'WARNING' : 'INFO';
    this.#add(source, `${runLog}requests`, { severity, ...entry });
  }

  /** A change that someone asked for. */
  activity(source: Source, { methodName, resourceName, principalEmail, userAgent, status }: Activity): void {
    const protoPayload: AuditLog = {
      '@type': auditType,
      serviceName: 'run.googleapis.com',
      methodName,
      resourceName,
      authenticationInfo: { principalEmail },
      requestMetadata: { callerIp: '127.0.0.1', callerSuppliedUserAgent: userAgent },
      ...(status === null ? {} : { status }),
    };
    const severity: Severity = status === null ? 'NOTICE' : 'ERROR';
    this.#add(source, 'cloudaudit.googleapis.com%2Factivity', { severity, protoPayload });
  }

  /** What became of it. */
  systemEvent(source: Source, method: string, resourceName: string, status: { code?: number; message: string }): void {
    const methodName = `/${method}`;
    const protoPayload: AuditLog = {
      '@type': auditType,
      serviceName: 'run.googleapis.com',
      methodName,
      resourceName,
      status,
    };
    const severity: Severity = status.code === undefined ? 'INFO' : 'ERROR';
    this.#add(source, 'cloudaudit.googleapis.com%2Fsystem_event', { severity, protoPayload });
  }

  #add(source: Source, logId: string, entry: Partial<LogEntry>): void {
    const receiveTimestamp = this.#clock.now();
    const timestamp = entry.timestamp ?? receiveTimestamp;
    const labels: Record<string, string> = { ...entry.labels };
    if (source.instanceId !== undefined) labels.instanceId = source.instanceId;
    this.#store.append({
      insertId: insertId(timestamp, this.#random),
      logName: `projects/${source.project}/logs/${logId}`,
      resource: { type: 'cloud_run_revision', labels: resourceLabels(source) },
      receiveTimestamp,
      ...entry,
      timestamp,
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
    });
  }
}

function resourceLabels({ project, location, service, revision }: Source): Readonly<Record<string, string>> {
  return {
    configuration_name: revision === '' ? '' : service,
    location,
    project_id: project,
    revision_name: revision,
    service_name: service,
  };
}
