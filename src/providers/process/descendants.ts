import { childrenOf, type ProcessFacts, peakRssBytesOf, readProcess, stillRuns } from './process-facts.ts';

const LOOK_EVERY_MS = 100;

export interface Descendants {
  /** Every process that was seen under the leader and still runs, also one that left its group (browsers do). */
  running(): readonly ProcessFacts[];
  /** The largest sum of the peak memory of processes that lived together; null where there is no `/proc`. */
  peakRssBytes(): number | null;
  stop(): void;
}

/** Watches what a process starts. What lives and dies between two looks is not seen. */
export function watchDescendants(leader: number): Descendants {
  const seen = new Map<number, ProcessFacts>();
  let peak = 0;

  function look(): void {
    const queue = [leader, ...seen.keys()];
    for (let pid = queue.shift(); pid !== undefined; pid = queue.shift()) {
      queue.push(...childrenOf(pid).filter((child) => !seen.has(child) && !queue.includes(child)));
      const facts = readProcess(pid);
      if (facts && !seen.has(pid)) seen.set(pid, facts);
    }
    for (const [pid, facts] of seen) if (!stillRuns(facts)) seen.delete(pid);
    peak = Math.max(peak, sumOfPeaks(seen.keys()));
  }

  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    running() {
      look();
      return [...seen.values()];
    },
    peakRssBytes: () => (peak === 0 ? null : peak),
    stop: () => clearInterval(timer),
  };
}

function sumOfPeaks(pids: Iterable<number>): number {
  let sum = 0;
  for (const pid of pids) sum += peakRssBytesOf(pid);
  return sum;
}
