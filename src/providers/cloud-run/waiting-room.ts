import { type Failure, fail, type Result } from '../../core/result.ts';
import { pause } from '../google/call.ts';
import { shortName } from '../google/wire.ts';
import { backoff, isTransient } from './backoff.ts';
import type { WireService } from './wire.ts';

interface WaitFor<T> {
  /** In words, after "stopped waiting for": an operation, a revision. */
  readonly what: string;
  /** The platform's short name of the service that tells of it. */
  readonly service: string;
  /** Whether the listed service lets hope that it is done; `ask` is called only then. */
  readonly looksDone: (service: WireService) => boolean;
  readonly ask: () => Promise<Result<T>>;
  readonly isDone: (value: T) => boolean;
}

export interface WaitingRoom {
  /** Ends with what `ask` answers once it is done, with a failure that no repeat will mend, or with `cancelled` at the signal. */
  until<T>(wait: WaitFor<T>, signal: AbortSignal): Promise<Result<T>>;
}

interface Wait {
  readonly service: string;
  readonly look: (service: WireService | undefined, round: number) => Promise<void>;
  readonly give: (failure: Failure) => void;
  /** A bug of ours: thrown where the wait was begun. */
  readonly crash: (error: unknown) => void;
}

/** A listing may lag behind, or tell of a newer change of someone else: after so many rounds a wait is asked for all the same. */
const askAnywayRounds = 15;

/** One list of services a round for all who wait, whatever their number: a deployment of 20 services polls like one. */
export function waitingRoom(
  list: (signal: AbortSignal) => Promise<Result<WireService[]>>,
  random: () => number,
  sleep: (ms: number, signal: AbortSignal) => Promise<boolean> = pause,
): WaitingRoom {
  const waits = new Set<Wait>();
  const delay = backoff(random);
  let running: { readonly empty: AbortController; readonly wake: AbortController } | null = null;

  const enter = (wait: Wait) => {
    waits.add(wait);
    if (running === null) begin();
    else if (delay.isSlow()) running.wake.abort();
    if (delay.isSlow()) delay.again();
  };
  const begin = () => {
    rounds().catch((error) => {
      running = null;
      for (const wait of [...waits]) wait.crash(error);
    });
  };
  const leave = (wait: Wait) => {
    waits.delete(wait);
    if (waits.size === 0) running?.empty.abort();
  };

  async function rounds(): Promise<void> {
    const empty = new AbortController();
    delay.again();
    for (let round = 1; waits.size > 0; round++) {
      const wake = new AbortController();
      running = { empty, wake };
      const whole = await sleep(delay.nextMs(), AbortSignal.any([empty.signal, wake.signal]));
      if (whole && waits.size > 0) await look(round, empty.signal);
      if (empty.signal.aborted) break;
    }
    running = null;
    // Someone may have come in while the last one left.
    if (waits.size > 0) begin();
  }

  async function look(round: number, signal: AbortSignal): Promise<void> {
    const listed = await list(signal);
    // Nobody waited for this any more; whoever came in since is looked after in the next round.
    if (signal.aborted) return;
    if (!listed.ok) {
      if (!isTransient(listed.failure)) for (const wait of [...waits]) wait.give(listed.failure);
      return;
    }
    const byName = new Map(listed.value.map((service) => [shortName(service.name), service]));
    await Promise.all([...waits].map((wait) => wait.look(byName.get(wait.service), round)));
  }

  return {
    until: <T>(request: WaitFor<T>, signal: AbortSignal) =>
      new Promise<Result<T>>((resolve, reject) => {
        const end = (result: Result<T>) => {
          signal.removeEventListener('abort', stop);
          leave(wait);
          resolve(result);
        };
        const stop = () => end(fail('cancelled', `stopped waiting for ${request.what}`));
        const wait: Wait = {
          service: request.service,
          crash: (error) => {
            reject(error);
            stop();
          },
          give: (failure) => end({ ok: false, failure }),
          look: async (service, round) => {
            const worthAsking = service === undefined || request.looksDone(service) || round % askAnywayRounds === 0;
            if (!worthAsking) return;
            const answer = await request.ask();
            if (answer.ok ? request.isDone(answer.value) : !isTransient(answer.failure)) end(answer);
          },
        };
        if (signal.aborted) return stop();
        signal.addEventListener('abort', stop, { once: true });
        enter(wait);
      }),
  };
}
