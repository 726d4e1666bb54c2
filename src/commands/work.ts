import type { Result } from '../core/result.ts';
import { fail } from '../core/result.ts';
import { LeaseLost, type RunStore } from '../ports/run-store.ts';
import { isDiskFull } from '../runtime/disk-full.ts';
import type { RunEnd } from '../runtime/engine.ts';
import { failpointFrom } from '../runtime/failpoint.ts';
import { watchInterrupts } from '../runtime/interrupts.ts';
import { openGroups } from '../runtime/open-groups.ts';
import type { StartParts } from '../runtime/start-run.ts';
import { type Host, refuse, say } from './host.ts';
import { runOutput } from './run-output.ts';

/** Works on one run with the signals of this process in hand; answers the run's exit code. */
export async function workIn(
  host: Host,
  store: RunStore,
  json: boolean,
  work: (parts: StartParts) => Promise<Result<RunEnd>>,
): Promise<number> {
  const groups = openGroups();
  const tell = (line: string) => say(host, line);
  const interrupts = watchInterrupts({ say: tell, kill: groups.kill });
  try {
    const end = await work({
      store,
      clock: host.clock,
      project: host.project,
      output: (run) => runOutput(host, run, json),
      compose: await host.compose(),
      groups,
      interrupted: interrupts.signal,
      failpoint: failpointFrom(host.env.LOOP_FAILPOINT),
      say: tell,
      random: host.random,
      newToken: host.newToken,
    });
    return end.ok ? end.value.exitCode : refuse(host, end.failure);
  } catch (error) {
    if (error instanceof LeaseLost)
      return refuse(host, fail('locked', error.message, 'loop status shows both').failure);
    // The run stays as its last row says, and can be resumed.
    if (isDiskFull(error)) return refuse(host, storeFull(error).failure);
    throw error;
  } finally {
    interrupts.stop();
  }
}

function storeFull(error: unknown) {
  const because = error instanceof Error ? error.message : String(error);
  return fail(
    'unavailable',
    `the store of loop takes no more: ${because}`,
    'make room where .loop/ is kept, then: loop resume',
  );
}
