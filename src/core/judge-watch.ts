import { counted } from './count-words.ts';
import { lowerBoundOfFailureRate } from './proof-size.ts';

/** One request that a revision answered under traffic, as the platform logged it. */
export interface WatchedRequest {
  readonly status: number;
  readonly latencyMs: number | null;
  /** One of our own probes, told by its user agent. */
  readonly own: boolean;
}

/** What a revision under traffic is held against; fixed before the first test. */
export interface WatchLimits {
  readonly requestsMin: number;
  readonly errorRateMaxPermille: number;
  readonly latencyP95MsMax: number | null;
}

export interface JudgedWatch {
  /** `unproven`: too few requests to say anything; no requests is not healthy. */
  readonly outcome: 'good' | 'bad' | 'unproven';
  readonly requests: number;
  readonly own: number;
  /** Answers of 500 and above. */
  readonly errors: number;
  readonly errorRatePermille: number | null;
  readonly p95Ms: number | null;
  readonly because: string;
}

/** How a revision did: at least so many requests, few enough errors, fast enough. Compared in integers, shown as counts. */
export function judgeWatch(seen: readonly WatchedRequest[], limits: WatchLimits): JudgedWatch {
  const requests = seen.length;
  const errors = seen.filter(isError).length;
  const facts = {
    requests,
    own: seen.filter((one) => one.own).length,
    errors,
    errorRatePermille: requests === 0 ? null : Math.ceil((errors * 1000) / requests),
    p95Ms: p95(seen),
  };
  const told = `${counted(requests, 'request')}${facts.own === 0 ? '' : ` (${facts.own} of them our own)`}`;
  if (requests < limits.requestsMin) {
    return { ...facts, outcome: 'unproven', because: `not proven: ${told}, at least ${limits.requestsMin} are needed` };
  }
  if (errors * 1000 > limits.errorRateMaxPermille * requests) {
    const allowed = `${limits.errorRateMaxPermille / 10} %`;
    return { ...facts, outcome: 'bad', because: `${errors} of ${told} ended in an error, at most ${allowed} may` };
  }
  if (limits.latencyP95MsMax !== null && facts.p95Ms !== null && facts.p95Ms > limits.latencyP95MsMax) {
    const because = `p95 of ${told} is ${facts.p95Ms} ms, the limit is ${limits.latencyP95MsMax} ms`;
    return { ...facts, outcome: 'bad', because };
  }
  const speed = facts.p95Ms === null ? '' : `, p95 ${facts.p95Ms} ms`;
  return { ...facts, outcome: 'good', because: `${told}, ${counted(errors, 'error')}${speed}` };
}

/** Whether the rest of a watch can be spared: even the lower 95 % bound of the error rate is above the limit. */
export function isClearlyBad(seen: readonly WatchedRequest[], limits: WatchLimits): boolean {
  const errors = seen.filter(isError).length;
  if (errors === 0 || seen.length < limits.requestsMin) return false;
  return lowerBoundOfFailureRate(errors, seen.length) * 1000 > limits.errorRateMaxPermille;
}

function isError({ status }: WatchedRequest): boolean {
  return status >= 500;
}

const switchingProtocols = 101;

/** A WebSocket's latency is its whole connection, and says nothing about speed. */
function p95(seen: readonly WatchedRequest[]): number | null {
  const measured = seen
    .filter(({ status }) => status !== switchingProtocols)
    .flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]))
    .sort((a, b) => a - b);
  const at = measured[Math.max(0, Math.ceil(0.95 * measured.length) - 1)];
  return at === undefined ? null : Math.round(at * 10) / 10;
}
