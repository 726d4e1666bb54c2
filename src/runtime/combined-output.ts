import type { Output } from '../ports/output.ts';

/** Several outputs as one. All of them are told, in order; what a failing one says comes after that. */
export function combinedOutput(outputs: readonly Output[]): Output {
  return {
    event(at, event) {
      for (const output of outputs) output.event(at, event);
    },
    progress(progress) {
      for (const output of outputs) output.progress?.(progress);
    },
    record: (record) => settle(outputs.map((output) => output.record?.(record))),
    close: () => settle(outputs.map((output) => output.close?.())),
  };
}

async function settle(work: readonly (Promise<void> | undefined)[]): Promise<void> {
  const ends = await Promise.allSettled(work);
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw failed.reason;
}
