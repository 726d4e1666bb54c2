import { fail, type Result, succeed } from '../../core/result.ts';
import { pause } from '../google/call.ts';
import { failureCode } from '../google/grpc-failure.ts';
import { shortName } from '../google/wire.ts';
import { backoff, isTransient } from './backoff.ts';
import { readiness } from './condition.ts';
import type { Platform } from './platform.ts';
import type { WireOperation, WireRevision, WireService } from './wire.ts';

/**
 * Runs `work` with a signal that also ends after `milliseconds`. Whoever stopped it decides the failure:
 * `cancelled` for the caller's signal, `timeout` for ours; what was asked of the platform goes on there.
 */
export async function within<T>(
  milliseconds: number,
  signal: AbortSignal,
  what: string,
  work: (signal: AbortSignal) => Promise<Result<T>>,
): Promise<Result<T>> {
  const result = await work(AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]));
  if (result.ok || result.failure.code !== 'cancelled' || signal.aborted) return result;
  return fail('timeout', `${what} was not done after ${milliseconds / 1000} s`, 'the platform may still finish it');
}

/**
 * Waits until the operation is done; with its service's name, together with all others who wait. Success says that it ended, not
 * how: `operationFailure` tells. A platform that is busy or away for a while is asked again: the caller's signal is the deadline.
 */
export function operationEnd(
  platform: Platform,
  begun: WireOperation,
  signal: AbortSignal,
  service: string | null = null,
): Promise<Result<WireOperation>> {
  const name = begun.name ?? '';
  if (begun.done) return Promise.resolve(succeed(begun));
  const ask = () => platform.operation(name, signal);
  const isDone = (operation: WireOperation) => operation.done === true;
  if (service === null) return poll(name, signal, ask, isDone);
  const looksDone = ({ reconciling }: WireService) => !reconciling;
  return platform.waits.until({ what: name, service, looksDone, ask, isDone }, signal);
}

/** Waits until the platform calls the revision ready or failed. A service that has gone on to a newer one tells nothing of it. */
export async function revisionEnd(
  platform: Platform,
  service: string,
  name: string,
  signal: AbortSignal,
): Promise<Result<WireRevision>> {
  const ask = () => platform.revision(service, name, signal);
  const isDone = (revision: WireRevision) => readiness(revision).state !== 'pending';
  const first = await ask();
  if (!first.ok || isDone(first.value)) return first;
  const looksDone = ({ reconciling, latestReadyRevision, latestCreatedRevision }: WireService) =>
    !reconciling || shortName(latestReadyRevision) === name || shortName(latestCreatedRevision) !== name;
  return platform.waits.until({ what: name, service, looksDone, ask, isDone }, signal);
}

/** The failure that an operation ended in; null when it ended well. */
export function operationFailure(what: string, operation: WireOperation): ReturnType<typeof fail> | null {
  if (!operation.error) return null;
  return fail(failureCode(operation.error.code ?? 0), `could not ${what}: ${operation.error.message}`);
}

async function poll<T>(
  what: string,
  signal: AbortSignal,
  read: () => Promise<Result<T>>,
  isDone: (value: T) => boolean,
): Promise<Result<T>> {
  const delay = backoff(() => unshaken);
  for (;;) {
    const answer = await read();
    if (answer.ok ? isDone(answer.value) : !isTransient(answer.failure)) return answer;
    if (!(await pause(delay.nextMs(), signal))) return fail('cancelled', `stopped waiting for ${what}`);
  }
}

/** One who waits alone meets nobody: no jitter. */
const unshaken = 0.5;
