import { z } from 'zod';
import { fromNanos, toNanos } from '../clock.ts';
import { type JsonObject, type LogEntry, severityOf } from '../cloud-logging/log-entry.ts';

/** What a line of output says about its entry. */
export type LineEntry = Partial<
  Pick<LogEntry, 'severity' | 'insertId' | 'timestamp' | 'labels' | 'trace' | 'spanId' | 'traceSampled'>
> &
  ({ readonly textPayload: string } | { readonly jsonPayload: JsonObject });

const prefix = 'logging.googleapis.com/';
const Labels = z.record(z.string(), z.string());

/**
 * One line of a container's output as Cloud Logging takes it: a JSON object becomes jsonPayload and gives up its special
 * fields; anything else is text, with no severity at all, whatever word it begins with.
 */
export function readOutputLine(line: string, project: string): LineEntry {
  const json = readObject(line);
  if (json === null) return { textPayload: line };
  const { severity, time, [`${prefix}labels`]: labels, ...rest } = json;
  const { [`${prefix}trace`]: trace, [`${prefix}spanId`]: spanId, ...more } = rest;
  const { [`${prefix}insertId`]: insertId, [`${prefix}trace_sampled`]: sampled, ...jsonPayload } = more;
  const level = typeof severity === 'string' ? severityOf(severity) : undefined;
  const nanos = typeof time === 'string' ? toNanos(time) : null;
  const parsed = Labels.safeParse(labels);
  return {
    jsonPayload: time === undefined || nanos !== null ? jsonPayload : { ...jsonPayload, time },
    ...(level === undefined ? {} : { severity: level }),
    ...(nanos === null ? {} : { timestamp: fromNanos(nanos) }),
    ...(parsed.success ? { labels: parsed.data } : {}),
    ...(typeof trace === 'string' ? { trace: fullTrace(trace, project) } : {}),
    ...(typeof spanId === 'string' ? { spanId } : {}),
    ...(typeof insertId === 'string' ? { insertId } : {}),
    ...(sampled === true ? { traceSampled: true } : {}),
  };
}

function fullTrace(trace: string, project: string): string {
  return /^[0-9a-f]{32}$/.test(trace) ? `projects/${project}/traces/${trace}` : trace;
}

function readObject(line: string): JsonObject | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}
