import { ZodError } from 'zod';
import { type FailureCode, fail } from '../../core/result.ts';
import { ListRefused, ListTooLong } from './listing.ts';

const SENTENCE_CHARACTERS_MAX = 300;

const HINTS: Partial<Record<FailureCode, string>> = {
  permission: 'the token needs write access to issues, pull requests and contents of the repository',
  'not-found': 'check the owner, the name, and that the token sees the repository',
  quota: 'GitHub limits how much one token may ask; try again later',
  unavailable: 'is GitHub up, and reachable from here?',
};

/** What GitHub, or the way to it, refused. What no server can cause is a bug and thrown on. */
export function githubFailure(error: unknown, signal: AbortSignal): ReturnType<typeof fail> {
  if (signal.aborted) return fail('cancelled', 'the call to GitHub was cancelled');
  if (error instanceof ZodError) {
    const [issue] = error.issues;
    return fail('unreadable', `GitHub answered in another shape: ${issue?.path.join('.')}: ${issue?.message}`);
  }
  if (error instanceof ListTooLong)
    return fail('quota', error.message, 'close or lock what is done with, or use another repository');
  if (error instanceof ListRefused) return fail('conflict', error.message);
  if (!isRequestError(error)) throw error;
  if (hasTimedOut(error)) return fail('timeout', `GitHub gave no answer to ${call(error)}`, HINTS.unavailable);
  const code = codeOf(error);
  if (error.response === undefined)
    return fail('unavailable', `no answer to ${call(error)}: ${sentence(error)}`, HINTS.unavailable);
  const hint = /not permitted to create or approve pull requests/i.test(error.message)
    ? 'allow GitHub Actions to create pull requests in the settings of the repository'
    : HINTS[code];
  return fail(code, `GitHub answered ${error.status} to ${call(error)}: ${sentence(error)}`, hint);
}

interface RequestError extends Error {
  readonly status: number;
  readonly request: { readonly method: string; readonly url: string };
  readonly response?: { readonly headers: Readonly<Record<string, string | undefined>> };
}

/** By shape: the packages bring copies of the class. */
function isRequestError(error: unknown): error is RequestError {
  return error instanceof Error && 'status' in error && typeof error.status === 'number' && 'request' in error;
}

function hasTimedOut(error: RequestError): boolean {
  return error.cause instanceof Error && error.cause.name === 'TimeoutError';
}

function codeOf(error: RequestError): FailureCode {
  const { status } = error;
  if (status === 429 || (status === 403 && isRateLimit(error))) return 'quota';
  if (status === 401 || status === 403 || status === 451) return 'permission';
  if (status === 404 || status === 410) return 'not-found';
  if (status === 405 || status === 409 || status === 422) return 'conflict';
  return status >= 500 ? 'unavailable' : 'usage';
}

function isRateLimit(error: RequestError): boolean {
  const headers = error.response?.headers ?? {};
  return (
    headers['x-ratelimit-remaining'] === '0' ||
    headers['retry-after'] !== undefined ||
    /rate limit/i.test(error.message)
  );
}

function call(error: RequestError): string {
  return `${error.request.method} ${new URL(error.request.url).pathname}`;
}

/** A fault further out can answer with a whole web page. */
function sentence(error: RequestError): string {
  return error.message.replace(/\s+/g, ' ').slice(0, SENTENCE_CHARACTERS_MAX);
}
