/**
 * The order in which workers take the pieces of a suite: those of unknown duration first, since one of them may be the longest, then
 * the longest. Ties keep the order that they came in.
 */
export function splitOrder(items: readonly string[], knownMs: ReadonlyMap<string, number>): string[] {
  const length = (item: string) => knownMs.get(item) ?? Number.POSITIVE_INFINITY;
  return items.toSorted((one, other) => (length(one) === length(other) ? 0 : length(other) - length(one)));
}

/** No way to spread these pieces over so many workers ends before max(longest, all ÷ workers). */
export function splitLowerBoundMs(durationsMs: readonly number[], workers: number): number {
  const total = durationsMs.reduce((sum, ms) => sum + ms, 0);
  return Math.max(total / Math.max(1, workers), ...durationsMs, 0);
}
