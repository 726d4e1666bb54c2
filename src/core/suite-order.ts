import type { Priority } from './words.ts';

/** How a suite did when it was last judged by evidence that held. */
export interface SuitePast {
  readonly run: string;
  readonly verdict: 'GO' | 'NO-GO';
  readonly red: number;
  /** UTC. */
  readonly at: string;
}

interface OrderedSuite {
  readonly name: string;
  /** One phrase that goes behind a colon: why it stands where it stands. */
  readonly because: string;
}

/**
 * The order in which the suites of one phase tell most soonest: failed last time, new, then by priority, and of the same priority
 * the one whose pass is the oldest. Ties stay as they were given.
 */
export function orderByRisk(
  suites: readonly { readonly name: string; readonly priority: Priority; readonly past: SuitePast | null }[],
): OrderedSuite[] {
  const rows = suites.map((suite) => ({ ...suite, rank: rankOf(suite.past) }));
  rows.sort(
    (one, other) =>
      one.rank - other.rank ||
      one.priority.localeCompare(other.priority) ||
      (one.past?.at ?? '').localeCompare(other.past?.at ?? ''),
  );
  return rows.map(({ name, priority, past }) => ({ name, because: reasonOf(past, priority) }));
}

function rankOf(past: SuitePast | null): number {
  if (past === null) return 1;
  return failed(past) ? 0 : 2;
}

function failed({ verdict, red }: SuitePast): boolean {
  return verdict === 'NO-GO' || red > 0;
}

function reasonOf(past: SuitePast | null, priority: Priority): string {
  if (past === null) return 'it is new';
  if (!failed(past)) return `${priority}, and it passed in run ${past.run}`;
  return past.red > 0
    ? `it failed last time, ${past.red} red in run ${past.run}`
    : `it failed last time, in run ${past.run}`;
}
