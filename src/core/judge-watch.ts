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
  /** Of users; our own do not count. With 0, and where nobody came, health alone decides. */
  readonly requestsMin: number;
  readonly errorRateMaxPermille: number;
  readonly latencyP95MsMax: number | null;
}

export interface JudgedWatch {
  /** `unproven`: too few requests of users to say anything, or nobody came and no health was asked either. */
  readonly outcome: 'good' | 'bad' | 'unproven';
  readonly requests: number;
  readonly own: number;
  /** Answers of 500 and above. */
  readonly errors: number;
  readonly errorRatePermille: number | null;
  readonly p95Ms: number | null;
  readonly because: string;
}

/**
 * How a revision whose health was good, if it was asked, did: enough requests of users, few enough errors, fast enough. Compared in
 * integers, shown as counts.
 */
export function judgeWatch(
  seen: readonly WatchedRequest[],
  limits: WatchLimits,
  { healthAsked }: { readonly healthAsked: boolean },
): JudgedWatch {
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
  const users = usersOf(seen);
  const came = `${counted(users, 'request')} of users${facts.own === 0 ? '' : ` (and ${facts.own} of our own)`}`;
  if (users < limits.requestsMin) {
    const needed = `at least ${limits.requestsMin} ${limits.requestsMin === 1 ? 'is' : 'are'} needed`;
    return { ...facts, outcome: 'unproven', because: `not proven: ${came}, ${needed}` };
  }
  if (errors * 1000 > limits.errorRateMaxPermille * requests) {
    const allowed = `${limits.errorRateMaxPermille / 10} %`;
    return { ...facts, outcome: 'bad', because: `${errors} of ${told} ended in an error, at most ${allowed} may` };
  }
  if (limits.latencyP95MsMax !== null && facts.p95Ms !== null && facts.p95Ms > limits.latencyP95MsMax) {
    const because = `p95 of ${told} is ${facts.p95Ms} ms, the limit is ${limits.latencyP95MsMax} ms`;
    return { ...facts, outcome: 'bad', because };
  }
  if (users === 0) {
    if (healthAsked) return { ...facts, outcome: 'good', because: `${came}: judged by health alone` };
    return { ...facts, outcome: 'unproven', because: `not proven: ${came}, and no health was asked` };
  }
  const speed = facts.p95Ms === null ? '' : `, p95 ${facts.p95Ms} ms`;
  return { ...facts, outcome: 'good', because: `${told}, ${counted(errors, 'error')}${speed}` };
}

/** Whether the rest of a watch can be spared: even the lower 95 % bound of the error rate is above the limit. */
export function isClearlyBad(seen: readonly WatchedRequest[], limits: WatchLimits): boolean {
  const errors = seen.filter(isError).length;
  if (errors === 0 || usersOf(seen) < limits.requestsMin) return false;
  return lowerBoundOfFailureRate(errors, seen.length) * 1000 > limits.errorRateMaxPermille;
}

/** Requests that are not our own: a probe of ours shows that it answers us, and below 100 % it is no traffic at all. */
export function usersOf(seen: readonly WatchedRequest[]): number {
  return seen.filter(({ own }) => !own).length;
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
