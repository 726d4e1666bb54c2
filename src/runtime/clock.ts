/** Time comes in by argument. `now` is an instant, `monotonicMs` measures spans and never goes back. */
export interface Clock {
  now(): Date;
  monotonicMs(): number;
}

export const systemClock: Clock = { now: () => new Date(), monotonicMs: () => performance.now() };
