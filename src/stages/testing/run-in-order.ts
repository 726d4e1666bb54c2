/** Items of a queue, begun in their order. */
export interface Queue<T> {
  readonly items: readonly T[];
  /** At once. */
  readonly parallel: number;
  /** Nothing runs beside it. */
  readonly isExclusive: (item: T) => boolean;
  readonly work: (item: T) => Promise<void>;
}

/**
 * Begins every item in order as soon as there is room. What throws is thrown here, after all that had begun is at its end; nothing
 * more is begun then.
 */
export async function runInOrder<T>({ items, parallel, isExclusive, work }: Queue<T>): Promise<void> {
  const running = new Set<Promise<void>>();
  const errors: unknown[] = [];
  let alone = false;
  for (const item of items) {
    const exclusive = isExclusive(item);
    while (running.size >= (exclusive || alone ? 1 : parallel)) await Promise.race(running);
    if (errors.length > 0) break;
    alone = exclusive;
    const turn = work(item)
      .catch((error: unknown) => void errors.push(error))
      .finally(() => running.delete(turn));
    running.add(turn);
  }
  await Promise.all(running);
  if (errors.length > 0) throw errors[0];
}
