import type { LogEntry } from '../ports/logs.ts';
import { exceptionOf } from './log-exception.ts';
import { firstLine, templateOf } from './log-template.ts';

/** What makes two entries the same: never their labels, which name the logger's own code for every line. */
export interface LogSignature {
  /** The entry's severity; where it carries none, what its text says, else `DEFAULT`. */
  readonly level: string;
  readonly exception: string | null;
  readonly template: string;
}

const levels = ['DEFAULT', 'DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY'];

export function levelRank(level: string): number {
  return levels.indexOf(level);
}

export function isErrorLevel(level: string): boolean {
  return levelRank(level) >= levelRank('ERROR');
}

/** Null for an entry that is no cluster's: a request below 500, or one without any payload. */
export function signatureOf(entry: LogEntry): LogSignature | null {
  const text = textOf(entry);
  if (text === null) return entry.request ? requestSignature(entry.request) : null;
  const level = levelOf(entry.severity, text);
  const mayThrow = level === 'DEFAULT' || levelRank(level) >= levelRank('WARNING');
  const exception = mayThrow ? exceptionOf(`${text}\n${stackOf(entry.json)}`) : null;
  if (exception === null)
    return { level, exception: null, template: `${templateOf(text)}${keysOf(entry.json)}`.trim() };
  const message = templateOf(exception.message);
  return {
    level: level === 'DEFAULT' ? 'ERROR' : level,
    exception: exception.className,
    template: message === '' ? exception.className : `${exception.className}: ${message}`,
  };
}

/** The entry's message as one text; null where it carries none. */
export function textOf(entry: LogEntry): string | null {
  if (entry.text !== null && entry.text.trim() !== '') return entry.text;
  if (entry.json === null) return null;
  const { message, msg, textPayload } = entry.json;
  return [message, msg, textPayload].find((value) => typeof value === 'string') ?? '';
}

/** Cloud Audit Logs tell who changed what: a time line, not errors. */
export function isAudit(entry: LogEntry): boolean {
  return (
    /(?:^|\/)(?:activity|system_event|data_access|policy)$/.test(entry.log) ||
    entry.log.includes('cloudaudit') ||
    String(entry.json?.['@type'] ?? '').endsWith('AuditLog')
  );
}

function requestSignature(request: NonNullable<LogEntry['request']>): LogSignature | null {
  if (request.status < 500) return null;
  const template = `${request.method} ${templateOf(pathOf(request.url))} -> ${request.status}`;
  return { level: 'ERROR', exception: null, template };
}

function pathOf(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '') || '/';
}

/** A line without a severity often says it: filtering by severity alone would lose `[ERROR] Worker failed to boot`. */
function levelOf(severity: string, text: string): string {
  if (severity !== 'DEFAULT' && severity !== '') return severity;
  const line = firstLine(text);
  const word =
    /\[(ERROR|CRITICAL|FATAL|WARN(?:ING)?|INFO|DEBUG)\]|^(ERROR|CRITICAL|FATAL|WARN(?:ING)?|INFO|DEBUG)\b/.exec(line);
  const named = word?.[1] ?? word?.[2];
  if (named === undefined) return /^(?:Uncaught|Unhandled|Traceback \(most|panic:)/.test(line) ? 'ERROR' : 'DEFAULT';
  return named === 'WARN' ? 'WARNING' : named === 'FATAL' ? 'CRITICAL' : named;
}

const stackKeys = ['stack', 'stack_trace', 'exception', 'traceback', 'error', 'err', 'reason', 'cause'];

function stackOf(json: LogEntry['json']): string {
  const values = stackKeys
    .map((key) => json?.[key])
    .flatMap((value) => (isRecord(value) ? Object.values(value) : [value]));
  return values.filter((value) => typeof value === 'string').join('\n');
}

const volatileKey =
  /^(?:message|msg|textPayload|severity|level|labels|time(?:stamp)?|ts|pid|hostname|insertId|trace(?:_?id)?|span(?:_?id)?|logging\.googleapis\.com\/.*|.*(?:duration|latency|elapsed).*|.*_?ms)$/i;

const fieldCharsMax = 60;
const fieldsCharsMax = 120;

/** ` {"missing":["AUTH_URL"]}`: what a structured entry says beside its message, as far as it is short; empty where nothing is. */
export function fieldsOf(entry: LogEntry): string {
  const fields = Object.entries(entry.json ?? {}).filter(([key]) => !volatileKey.test(key));
  let kept = '';
  for (const [key, value] of fields) {
    const field = `${JSON.stringify(key)}:${JSON.stringify(value)}`;
    if (field.length <= fieldCharsMax && kept.length + field.length < fieldsCharsMax)
      kept += `${kept === '' ? '' : ','}${field}`;
  }
  return kept === '' ? '' : ` {${kept}}`;
}

function keysOf(json: LogEntry['json']): string {
  const keys = Object.keys(json ?? {}).filter((key) => !volatileKey.test(key));
  return keys.length === 0 ? '' : ` {${keys.sort().join(', ').slice(0, 500)}}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
