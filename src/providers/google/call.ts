import { setTimeout as sleep } from 'node:timers/promises';
import { fail, type Result, succeed } from '../../core/result.ts';
import { grpcFailure, isUnavailable } from './grpc-failure.ts';

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

export const readAttemptsMax = 3;
const retryDelayMs = 150;
const readTimeoutMs = 15_000;
const changeTimeoutMs = 30_000;

/** Sends one call with a deadline of its own; a `read` is repeated while the server is unavailable, `readAttemptsMax` times in all. */
export async function rpc<Client, T>(
  client: Client,
  request: CallRequest<Client, T>,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Result<T>> {
  for (let attempt = 1; ; attempt++) {
    if (signal.aborted) return fail('cancelled', `could not ${request.what}: cancelled`);
    try {
      return succeed(await untilAborted(request.send(client, callOptions(request.kind, headers)), signal));
    } catch (error) {
      if (signal.aborted) return fail('cancelled', `could not ${request.what}: cancelled`);
      const again = request.kind === 'read' && isUnavailable(error) && attempt < readAttemptsMax;
      if (!again) return grpcFailure(request.what, request.role, error);
    }
    await pause(retryDelayMs * 2 ** (attempt - 1), signal);
  }
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

function callOptions(kind: 'read' | 'change', headers: Readonly<Record<string, string>>): CallOptions {
  const timeout = kind === 'read' ? readTimeoutMs : changeTimeoutMs;
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
