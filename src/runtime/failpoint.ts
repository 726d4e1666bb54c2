import type { RunStore } from '../ports/run-store.ts';

/** Where a crash test kills this process: `write:7` right after the 7th journal write, `answer:3` between the 3rd remote answer and our row. */
export interface Failpoint {
  readonly afterWrite: () => void;
  readonly afterAnswer: () => void;
}

/** Reads `LOOP_FAILPOINT`; without it nothing is counted. */
export function failpointFrom(text: string | undefined): Failpoint {
  const [, where, at] = /^(write|answer):(\d+)$/.exec(text ?? '') ?? [];
  const counter = (name: string) => {
    let seen = 0;
    return () => {
      seen += 1;
      // SIGKILL to ourselves: nothing of ours runs after this line, as in a real crash.
      if (name === where && seen === Number(at)) process.kill(process.pid, 'SIGKILL');
    };
  };
  return { afterWrite: counter('write'), afterAnswer: counter('answer') };
}

export function withFailpoint(store: RunStore, failpoint: Failpoint): RunStore {
  return {
    ...store,
    async commit(change) {
      const stored = await store.commit(change);
      failpoint.afterWrite();
      return stored;
    },
  };
}
