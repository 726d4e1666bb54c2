import type { CommandEnd, ProcessGroup, SuiteCommand, Tester } from '../../ports/tester.ts';
import { watchDescendants } from './descendants.ts';
import { endGroup } from './end-group.ts';
import { readProcess } from './process-facts.ts';
import { runProgram } from './run-program.ts';

/** The tester for commands on this machine. `now` dates the start of each command. */
export function processTester(now: () => Date = () => new Date()): Tester {
  return {
    run: (command, signal) => runCommand(command, now, signal),
    reap: reapGroup,
  };
}

async function runCommand(command: SuiteCommand, now: () => Date, signal: AbortSignal): Promise<CommandEnd> {
  const startedAt = now().toISOString();
  const { output, ...end } = await runProgram(
    command.shell ? ['/bin/sh', '-c', ...command.argv] : command.argv,
    {
      cwd: command.cwd,
      env: command.env,
      ...command.limits,
      onStart: command.onStart,
      ...(command.onOutput ? { onOutput: command.onOutput } : {}),
      ...(command.watch ? { watch: command.watch } : {}),
      ...(command.onStopping ? { onStopping: command.onStopping } : {}),
    },
    signal,
  );
  return {
    ...end,
    startedAt,
    output: output.read(),
    outputTruncated: output.truncated,
    // Few ask, and it may be large.
    get stdout() {
      return output.read('stdout');
    },
  };
}

/** True when there was something to end. Without a start time nothing proves whose process it is: it is left alone. */
async function reapGroup(group: ProcessGroup): Promise<boolean> {
  const leader = readProcess(group.pid);
  if (leader === null || group.startedAtTicks === null || leader.startedAtTicks !== group.startedAtTicks) return false;
  const descendants = watchDescendants(group.pid);
  descendants.stop();
  return (await endGroup(leader, descendants.running())) > 0;
}
