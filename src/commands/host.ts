import type { ImpactFacts } from '../config/selection-facts.ts';
import { exitCodes } from '../core/exit-code.ts';
import { terminalText } from '../core/markdown-text.ts';
import type { Failure, Result } from '../core/result.ts';
import type { EmulatorInfo } from '../emulator/client.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Compose } from '../runtime/composition.ts';
import type { RunPlan } from '../runtime/run-plan.ts';

/** One of the two streams: people read stderr, programs read stdout. */
interface Screen {
  write(text: string): unknown;
  on?(event: 'error', listener: (error: Error) => void): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What a command gets of this process and this machine. A command answers with its exit code. */
export interface Host {
  /** The project's folder, absolute: `config/`, `pipelines/`, `worklogs/` and `.loop/` are below it. */
  readonly project: string;
  readonly env: NodeJS.ProcessEnv;
  /** The command as it was typed. */
  readonly command: string;
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly clock: Clock;
  /** From 0 inclusive to 1 exclusive. */
  readonly random: () => number;
  readonly newToken: () => string;
  /** Loaded when a command needs it: it brings all providers. */
  readonly compose: () => Promise<Compose>;
  /** Starts the embedded environment and fills a new one. */
  readonly openEmbedded: (
    plan: Pick<RunPlan, 'environment' | 'pipeline'>,
    signal: AbortSignal,
  ) => Promise<Result<EmulatorInfo>>;
  /** What changed between what serves and HEAD, for `--focus changed`; starts the embedded environment where there is one. */
  readonly findImpact: (config: Pick<RunPlan, 'environment' | 'pipeline'>, ref: string | null) => Promise<ImpactFacts>;
}

export function say(host: Pick<Host, 'stderr'>, line: string): void {
  host.stderr.write(`${line}\n`);
}

/** Tells what failed and what to do, and answers the exit code that goes with it. */
export function refuse(host: Pick<Host, 'stderr'>, failure: Failure): number {
  const message = failure.message.split('\n').map(terminalText).join('\n');
  // Problems of a configuration begin with their place, as editors and people look for it.
  say(host, failure.code === 'config' ? message : `loop: ${message}`);
  if (failure.hint !== undefined) say(host, `  hint: ${failure.hint.split('\n').map(terminalText).join('\n  ')}`);
  return exitCodeFor(failure);
}

function exitCodeFor({ code }: Failure): number {
  switch (code) {
    case 'locked':
      return exitCodes.locked;
    case 'cancelled':
      return exitCodes.interrupted;
    case 'usage':
    case 'config':
    case 'not-found':
    case 'unreadable':
    case 'conflict':
      return exitCodes.usage;
    case 'permission':
    case 'quota':
    case 'unavailable':
    case 'timeout':
    case 'build':
    case 'not-started':
    case 'no-change':
    case 'found-bad':
      return exitCodes.blocked;
  }
}
