import { toTimestamp } from '../clock.ts';
import type { HttpRequest, LogEntry } from './log-entry.ts';
import { toStruct } from './struct.ts';

/** An entry as google.logging.v2.LogEntry, for the wire library. */
export function entryToWire(entry: LogEntry): object {
  const { jsonPayload, httpRequest, timestamp, receiveTimestamp, ...plain } = entry;
  return {
    ...plain,
    timestamp: toTimestamp(timestamp),
    receiveTimestamp: toTimestamp(receiveTimestamp),
    ...(jsonPayload === undefined ? {} : { jsonPayload: toStruct(jsonPayload) }),
    ...(httpRequest === undefined ? {} : { httpRequest: requestToWire(httpRequest) }),
  };
}

function requestToWire({ latency, ...request }: HttpRequest): object {
  const [seconds = '0', fraction = ''] = latency.replace(/s$/, '').split('.');
  return { ...request, latency: { seconds, nanos: Number(fraction.padEnd(9, '0')) } };
}
