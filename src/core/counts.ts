import { type Counts, noCounts } from './record.ts';

/** So many tests are selected at least: those that are declared, and those that a collection before the run counted. */
export function denominatorMin(testsMin: number, collected: number | null): number {
  return Math.max(testsMin, collected ?? 0);
}

export function sumCounts(list: readonly Counts[]): Counts {
  const sum = { ...noCounts };
  for (const counts of list) for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += counts[key];
  return sum;
}
