import type { SuiteConfig } from '../config/pipeline.ts';

/** A suite on two sides at once; one after the other where it is `exclusive`: it would meet itself. */
export async function sideBySide<A, B>(
  { exclusive }: Pick<SuiteConfig, 'exclusive'>,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<[A, B]> {
  return exclusive ? [await first(), await second()] : Promise.all([first(), second()]);
}
