import type { PullFacts } from '../../ports/forge.ts';

const pullsPerHourMax = 2;
const hourMs = 3_600_000;

/**
 * Why no further pull request may be opened now; null when one may. Open ones and those of the last hour count over all runs,
 * as the forge tells them.
 */
export function pullLimitReached(
  pulls: readonly Pick<PullFacts, 'state' | 'createdAt'>[],
  { openPulls, pullsPerRun, ofThisRun, now }: { openPulls: number; pullsPerRun: number; ofThisRun: number; now: Date },
): string | null {
  const open = pulls.filter((pull) => pull.state === 'open').length;
  if (open >= openPulls) return `${open} pull requests of loop are open, the limit is ${openPulls}`;
  if (ofThisRun >= pullsPerRun)
    return `this run opened ${ofThisRun} pull requests already, the limit is ${pullsPerRun}`;
  const young = pulls.filter((pull) => Date.parse(pull.createdAt) > now.getTime() - hourMs).length;
  return young >= pullsPerHourMax
    ? `${young} pull requests were opened within the hour, the limit is ${pullsPerHourMax}`
    : null;
}
