import { type Counts, noCounts } from './record.ts';

export function sumCounts(list: readonly Counts[]): Counts {
  const sum = { ...noCounts };
  for (const counts of list) for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += counts[key];
  return sum;
}
