import { fail, type Result, succeed } from '../../core/result.ts';
import { pause } from '../google/call.ts';
import { failureCode } from '../google/grpc-failure.ts';
import { readiness } from './condition.ts';
import type { Platform } from './platform.ts';
import type { WireOperation, WireRevision } from './wire.ts';

const pollMsFirst = 100;
const pollMsMax = 500;

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

/** Polls until the operation is done. Success says that it ended, not how: `operationFailure` tells. */
export function operationEnd(
  platform: Platform,
  begun: WireOperation,
  signal: AbortSignal,
): Promise<Result<WireOperation>> {
  const name = begun.name ?? '';
  if (begun.done) return Promise.resolve(succeed(begun));
  return poll(
    name,
    signal,
    () => platform.operation(name, signal),
    (operation) => operation.done === true,
  );
}

/** Polls until the platform calls the revision ready or failed. */
export function revisionEnd(
  platform: Platform,
  service: string,
  name: string,
  signal: AbortSignal,
): Promise<Result<WireRevision>> {
  const read = () => platform.revision(service, name, signal);
  return poll(name, signal, read, (revision) => readiness(revision).state !== 'pending');
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
  for (let delayMs = pollMsFirst; ; delayMs = Math.min(delayMs * 1.5, pollMsMax)) {
    const answer = await read();
    if (!answer.ok || isDone(answer.value)) return answer;
    if (!(await pause(delayMs, signal))) return fail('cancelled', `stopped waiting for ${what}`);
  }
}
