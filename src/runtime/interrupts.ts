import { exitCodes } from '../core/exit-code.ts';

/** What Ctrl-C means while a run goes on. */
export interface Interrupts {
  /** Aborted at the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** Gives the signals back. */
  stop(): void;
}

/** The first signal asks the run to stop, and says so; the second kills what is at work and leaves at once. */
export function watchInterrupts(parts: { say: (line: string) => void; kill: () => void }): Interrupts {
  const stopper = new AbortController();
  const onSignal = () => {
    if (stopper.signal.aborted) {
      parts.kill();
      process.exit(exitCodes.interrupted);
    }
    parts.say('stopping… (Ctrl-C again to kill)');
    stopper.abort(new Error('interrupted'));
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, onSignal);
  return {
    signal: stopper.signal,
    stop: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
