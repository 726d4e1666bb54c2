import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import type { HttpRequest } from '../cloud-logging/log-entry.ts';
import type { RequestEntry } from './run-log.ts';
import type { TraceContext } from './trace-context.ts';

/** How many bytes a connection had moved when its last request ended: one connection carries many. */
const told = new WeakMap<Socket, { read: number; written: number }>();

export interface RequestWatch {
  /** The request's log entry, once its answer (or the whole connection) is over. */
  finish(status: number, textPayload?: string): RequestEntry;
}

/** Begins to measure a request. Sizes are bytes on the wire, headers included, as Cloud Run counts them. */
export function watchRequest(
  request: IncomingMessage,
  trace: TraceContext,
  project: string,
  clock: Clock,
): RequestWatch {
  const timestamp = clock.now();
  const begin = performance.now();
  const { socket } = request;
  return {
    finish(status, textPayload) {
      const before = told.get(socket) ?? { read: 0, written: 0 };
      const now = { read: socket.bytesRead, written: socket.bytesWritten };
      told.set(socket, now);
      const httpRequest: HttpRequest = {
        requestMethod: request.method ?? '',
        requestUrl: `http://${request.headers.host ?? ''}${request.url ?? ''}`,
        requestSize: String(now.read - before.read),
        status,
        responseSize: String(now.written - before.written),
        ...optional('userAgent', request.headers['user-agent']),
        remoteIp: socket.remoteAddress ?? '127.0.0.1',
        serverIp: '127.0.0.1',
        ...optional('referer', request.headers.referer),
        latency: `${((performance.now() - begin) / 1000).toFixed(9)}s`,
        protocol: `HTTP/${request.httpVersion}`,
      };
      return {
        timestamp,
        httpRequest,
        trace: `projects/${project}/traces/${trace.traceId}`,
        spanId: trace.spanId,
        ...(trace.sampled ? { traceSampled: true } : {}),
        ...(textPayload === undefined ? {} : { textPayload }),
      };
    },
  };
}

function optional<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, string>);
}
