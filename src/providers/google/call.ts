import { setTimeout as sleep } from 'node:timers/promises';
import { fail, type Result, succeed } from '../../core/result.ts';
import { grpcFailure, isOutOfQuota, mayPass } from './grpc-failure.ts';

/** The options of one call, in the shape that every generated client takes. A client writes into them: made new for each call. */
interface CallOptions {
  readonly timeout: number;
  /** Null switches the client's own retries off: they hide the first error behind a timeout of ten minutes. */
  readonly retry: null;
  readonly autoPaginate: boolean;
  readonly otherArgs: { readonly headers: Record<string, string> };
}

export interface CallRequest<Client, T> {
  /** The call in words, after "could not": `read service chat-auth`. */
  readonly what: string;
  /** The IAM role that allows it. */
  readonly role: string;
  /** A `read` may be repeated; a `change` never is, since nobody knows whether the first one arrived. */
  readonly kind: 'read' | 'change';
  readonly send: (client: Client, options: CallOptions) => Promise<T>;
}

/** What bounds one call, retries included. */
export interface CallLimits {
  readonly readAttemptsMax: number;
  /** One attempt of a read; one change. */
  readonly readTimeoutMs: number;
  readonly changeTimeoutMs: number;
  /** All attempts of a read together. */
  readonly readMsMax: number;
  /** One read of an API that stayed silent the time before. */
  readonly silentTimeoutMs: number;
  /** Before the second attempt, doubled before each one after; a server that is out of quota is left alone longer. */
  readonly retryDelayMs: number;
  readonly quotaDelayMs: number;
}

export const callLimits: CallLimits = {
  readAttemptsMax: 3,
  readTimeoutMs: 15_000,
  changeTimeoutMs: 30_000,
  readMsMax: 20_000,
  silentTimeoutMs: 3_000,
  retryDelayMs: 150,
  quotaDelayMs: 2_000,
};

/** Sends one call with a deadline of its own; a `read` is repeated, within its limits, while what went wrong may pass by itself. */
export async function rpc<Client, T>(
  client: Client,
  request: CallRequest<Client, T>,
  { headers, limits }: { headers: Readonly<Record<string, string>>; limits: CallLimits },
  signal: AbortSignal,
): Promise<Result<T>> {
  const begun = performance.now();
  for (let attempt = 1; ; attempt++) {
    if (signal.aborted) return fail('cancelled', `could not ${request.what}: cancelled`);
    const left = limits.readMsMax - (performance.now() - begun);
    const timeout = request.kind === 'read' ? Math.min(limits.readTimeoutMs, left) : limits.changeTimeoutMs;
    try {
      return succeed(await untilAborted(request.send(client, callOptions(timeout, headers)), signal));
    } catch (error) {
      if (signal.aborted) return fail('cancelled', `could not ${request.what}: cancelled`);
      const delay = (isOutOfQuota(error) ? limits.quotaDelayMs : limits.retryDelayMs) * 2 ** (attempt - 1);
      const inTime = performance.now() - begun + delay < limits.readMsMax && attempt < limits.readAttemptsMax;
      if (request.kind !== 'read' || !inTime || !mayPass(error)) return failed(request, attempt, error);
      await pause(delay, signal);
    }
  }
}

function failed<Client, T>(request: CallRequest<Client, T>, attempts: number, error: unknown): Result<T> {
  const result = grpcFailure<T>(request.what, request.role, error);
  if (result.ok || attempts === 1) return result;
  const { code, message, hint } = result.failure;
  return fail(code, `${message} (asked ${attempts} times)`, hint);
}

/** Waits; true when the time went by, false when the signal came first. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(milliseconds, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

function callOptions(timeout: number, headers: Readonly<Record<string, string>>): CallOptions {
  return { timeout, retry: null, autoPaginate: false, otherArgs: { headers: { ...headers } } };
}

/** The generated clients cannot be cancelled from outside: the call is left behind and ends at its deadline. */
async function untilAborted<T>(call: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new Error('cancelled'));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([call, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    call.catch(() => {});
  }
}
