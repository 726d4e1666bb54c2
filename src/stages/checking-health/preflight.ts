/** However long the config allows: a preflight that takes a minute is a test, and blocks whoever waits for it. */
const preflightMsMax = 55_000;
/** Endpoints of this many services and dependencies are asked at once. */
export const askedAtOnceMax = 32;

/** How long both sides may be asked. The candidate has half of the time, so that the reference is always heard: control first. */
export interface Preflight {
  readonly candidate: AbortSignal;
  readonly whole: AbortSignal;
}

export function preflight(seconds: number, cancelled: AbortSignal): Preflight {
  const wholeMs = Math.min(seconds * 1000, preflightMsMax);
  const within = (ms: number) => AbortSignal.any([cancelled, AbortSignal.timeout(ms)]);
  return { candidate: within(Math.ceil(wholeMs / 2)), whole: within(wholeMs) };
}
