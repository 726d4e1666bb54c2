import type { Failure } from '../../core/result.ts';

const firstMs = 50;
const factor = 1.6;
const maxMs = 2_000;
/** Rounds of several processes drift apart by this share, so that they do not all ask at once. */
const jitterShare = 0.2;

/** The pause after a round and the one after that: longer each time, to `maxMs`. `random` answers 0 to 1. */
export function backoff(random: () => number) {
  let planned = firstMs;
  return {
    nextMs(): number {
      const now = planned * (1 - jitterShare + 2 * jitterShare * random());
      planned = Math.min(planned * factor, maxMs);
      return now;
    },
    again(): void {
      planned = firstMs;
    },
    isSlow: () => planned > firstMs * factor,
  };
}

/** A read that may do better in the next round; a refusal would only be repeated. */
export function isTransient({ code }: Failure): boolean {
  return code === 'unavailable' || code === 'quota' || code === 'timeout';
}
