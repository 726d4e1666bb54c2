import type { ProcessGroup, Tester } from '../ports/tester.ts';

/** The process groups that are at work now. */
export interface OpenGroups {
  /** The same tester; what it starts is known here until it has ended, and `ended` is told. */
  watch(tester: Tester, ended: (group: ProcessGroup) => Promise<void>): Tester;
  /** Kills all of them at once, without a word: for the second Ctrl-C. */
  kill(): void;
}

export function openGroups(): OpenGroups {
  const open = new Set<number>();
  return {
    watch: (tester, ended) => ({
      reap: (group) => tester.reap(group),
      async run(command, signal) {
        let started: ProcessGroup | null = null;
        const onStart = async (group: ProcessGroup) => {
          started = group;
          open.add(group.pid);
          await command.onStart(group);
        };
        try {
          return await tester.run({ ...command, onStart }, signal);
        } finally {
          await forget(started, open, ended);
        }
      },
    }),
    kill() {
      for (const pid of open) killGroup(pid);
    },
  };
}

async function forget(
  group: ProcessGroup | null,
  open: Set<number>,
  ended: (group: ProcessGroup) => Promise<void>,
): Promise<void> {
  if (group === null) return;
  open.delete(group.pid);
  await ended(group);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in this very moment.
  }
}
