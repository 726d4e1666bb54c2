import type { Deployment } from '../../core/record.ts';

type Ladder = Pick<Deployment, 'rung' | 'rungs' | 'notProven' | 'failure'>;

/** `READY → TRAFFIC → HEALTHY; not STABLE: …`: what is proven, and why not more, or by what where nothing is missing. Below READY every rung is told. */
export function ladderWords({ rung, rungs, notProven, failure }: Ladder): string {
  const names = rungs.map((one) => one.rung);
  const known = names.length === 0 && rung !== null ? [rung] : names;
  const shown = known.includes('READY') ? known.slice(known.indexOf('READY')) : known;
  const proven = shown.join(' → ') || 'nothing is proven';
  // A failure is told by itself, in full.
  if (failure !== null) return proven;
  if (notProven === null) return `${proven}${provenBy(rungs)}`;
  return `${proven}; not ${notProven.rung}: ${notProven.because}`;
}

function provenBy(rungs: Ladder['rungs']): string {
  const because = rungs.at(-1)?.because ?? '';
  return because && ` (${because})`;
}

/** `HEALTHY`, or `READY (not TRAFFIC: …)`. That it was not watched for long enough is left to the worklog. */
export function rungWords({ rung, notProven, failure }: Ladder): string {
  const reached = rung ?? 'nothing is proven';
  if (notProven === null || failure !== null || notProven.rung === 'STABLE') return reached;
  return `${reached} (not ${notProven.rung}: ${notProven.because})`;
}

/** Whether a candidate got less far than a suite needs it. */
export function fellShort({ role, notProven, failure }: Pick<Deployment, 'role'> & Ladder): boolean {
  return role === 'candidate' && failure === null && notProven !== null && notProven.rung !== 'STABLE';
}
