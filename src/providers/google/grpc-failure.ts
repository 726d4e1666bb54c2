import { type FailureCode, fail, type Result } from '../../core/result.ts';

/** What a failed call looks like at the door: gax gives an `Error` with a numeric gRPC code and the server's words. */
interface GrpcError extends Error {
  readonly code: number;
  readonly details?: string;
}

const unauthenticated = 16;
/**
 * What may pass by itself: a server that stops cancels what it has not answered (1), is too slow (4), asks for patience (8), breaks the
 * stream (13) or is not there (14).
 */
const passing = new Set([1, 4, 8, 13, 14]);
const outOfQuota = 8;

const words: Readonly<Record<number, FailureCode>> = {
  3: 'usage',
  4: 'timeout',
  5: 'not-found',
  6: 'conflict',
  7: 'permission',
  8: 'quota',
  9: 'conflict',
  10: 'conflict',
  11: 'usage',
  12: 'usage',
  16: 'permission',
};

/** The closed word for a gRPC code. All others blame the other side: `unavailable`. */
export function failureCode(code: number): FailureCode {
  return words[code] ?? 'unavailable';
}

/** Whether the same read may be answered a little later. */
export function mayPass(error: unknown): boolean {
  return isGrpcError(error) && passing.has(error.code) && !isCredentialFailure(error);
}

/** Whether the other side asked for a pause: nothing is gained by asking again at once. */
export function isOutOfQuota(error: unknown): boolean {
  return isGrpcError(error) && error.code === outOfQuota;
}

/** A token that could not be had or renewed fails inside the client, under whatever code the token server's answer had. */
function isCredentialFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const said = /Getting metadata from plugin failed|invalid_grant|invalid_rapt|Could not refresh access token/;
  return (isGrpcError(error) && error.code === unauthenticated) || said.test(error.message);
}

/**
 * Turns what a Google client threw into a failure value. `what` is the call in words, e.g. `read service chat-auth`;
 * `role` is the IAM role that a person would have to grant. Bugs of ours are thrown on.
 */
export function grpcFailure<T>(what: string, role: string, error: unknown): Result<T> {
  const said = `could not ${what}: ${sayings(error)}`;
  if (isCredentialFailure(error)) return fail('permission', said, renew);
  if (isGrpcError(error)) return fail(failureCode(error.code), said, hintOf(failureCode(error.code), role));
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) throw error;
  return fail('unavailable', said);
}

const renew =
  'the credentials are not valid or have expired: run `gcloud auth application-default login` again, or renew the key or token';

/**
 * The client ends its own words with a note that is empty where names were not the trouble, and tells of a deadline in figures that
 * differ each time: an issue about it would be a new one every night.
 */
function sayings(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (isGrpcError(error) && /^Deadline exceeded after /.test(error.details ?? '')) return 'no answer in time';
  return ((isGrpcError(error) && error.details) || error.message).replace(/\s*Resolution note:\s*$/, '').trim();
}

function hintOf(code: FailureCode, role: string): string | undefined {
  if (code === 'permission') return `grant ${role} to the account that loop runs as`;
  if (code === 'quota') return 'wait a minute, or ask for more quota in the project';
  if (code === 'unavailable' || code === 'timeout') return 'check that the endpoint is up and can be reached from here';
  return undefined;
}

function isGrpcError(error: unknown): error is GrpcError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}
