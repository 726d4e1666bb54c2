import type { IncomingHttpHeaders } from 'node:http';
import { hex } from '../cloud-logging/insert-id.ts';

/** The trace of one request, from the caller's headers, with a span of the platform's own. */
export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

export function readTrace(headers: IncomingHttpHeaders, random: () => number): TraceContext {
  const given = fromTraceparent(headers.traceparent) ?? fromCloudTrace(headers['x-cloud-trace-context']);
  const spanId = hex(random, 16);
  return given === null ? { traceId: hex(random, 32), spanId, sampled: false } : { ...given, spanId };
}

/** What the app is given: both headers name the platform's span as the parent. */
export function traceHeaders({ traceId, spanId, sampled }: TraceContext): Record<string, string> {
  return {
    traceparent: `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`,
    'x-cloud-trace-context': `${traceId}/${BigInt(`0x${spanId}`)};o=${sampled ? 1 : 0}`,
  };
}

type Given = Pick<TraceContext, 'traceId' | 'sampled'>;

function fromTraceparent(header: string | string[] | undefined): Given | null {
  const match = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})/.exec(String(header ?? ''));
  if (match?.[1] === undefined || /^0+$/.test(match[1])) return null;
  return { traceId: match[1], sampled: (Number.parseInt(match[2] ?? '0', 16) & 1) === 1 };
}

function fromCloudTrace(header: string | string[] | undefined): Given | null {
  const match = /^([0-9a-f]{32})(?:\/\d+)?(?:;o=(\d))?$/i.exec(String(header ?? ''));
  return match?.[1] === undefined ? null : { traceId: match[1].toLowerCase(), sampled: match[2] === '1' };
}
