const error = 0.05;
const passesMin = 5;
/** Halvings of an interval of 1: enough for every digit of a double. */
const bisections = 60;
/** Keeps a quotient that is an integer on paper from being rounded up by its last bit. */
const slack = 1e-9;

/** Lower 95 % bound of the failure rate when all `runs` failed: 0.05^(1/runs). */
export function lowerBoundWhenAllFail(runs: number): number {
  return runs <= 0 ? 0 : error ** (1 / runs);
}

/**
 * Lower 95 % bound of the failure rate when `failed` of `runs` failed (Clopper-Pearson, one-sided):
 * the rate at which that many failures or more would be seen in one of twenty tries.
 */
export function lowerBoundOfFailureRate(failed: number, runs: number): number {
  if (failed <= 0 || runs <= 0) return 0;
  let [low, high] = [0, 1];
  for (let i = 0; i < bisections; i += 1) {
    const rate = (low + high) / 2;
    if (atLeast(failed, runs, rate) < error) low = rate;
    else high = rate;
  }
  return low;
}

/** How many passes in a row prove the fix of a fault with at least this failure rate; null when no number does. */
export function passesNeeded(rateLowerBound: number): number | null {
  if (!(rateLowerBound > 0)) return null;
  if (rateLowerBound >= 1) return passesMin;
  return Math.max(passesMin, Math.ceil(Math.log(error) / Math.log1p(-rateLowerBound) - slack));
}

/** The failure rate in permille above which `passes` passes in a row rule out a fault at 95 %, rounded up; null without a pass. */
export function ruledOutAbovePermille(passes: number): number | null {
  return passes <= 0 ? null : Math.ceil((1 - error ** (1 / passes)) * 1000 - slack);
}

/** Chance of `failed` or more failures in `runs`, summed in logarithms so that many runs do not underflow. */
function atLeast(failed: number, runs: number, rate: number): number {
  let logOfWays = 0;
  let sum = 0;
  for (let k = 0; k <= runs; k += 1) {
    if (k > 0) logOfWays += Math.log((runs - k + 1) / k);
    if (k >= failed) sum += Math.exp(logOfWays + k * Math.log(rate) + (runs - k) * Math.log1p(-rate));
  }
  return sum;
}
