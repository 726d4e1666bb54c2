import { type FailureCode, fail, type Result } from '../../core/result.ts';

/** What a failed call looks like at the door: gax gives an `Error` with a numeric gRPC code and the server's words. */
interface GrpcError extends Error {
  readonly code: number;
  readonly details?: string;
}

const cancelled = 1;
const unavailable = 14;

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

/** Whether nobody was there, or went away: a server that stops cancels the calls that it has not answered. */
export function isUnavailable(error: unknown): boolean {
  return isGrpcError(error) && (error.code === unavailable || error.code === cancelled);
}

/**
 * Turns what a Google client threw into a failure value. `what` is the call in words, e.g. `read service chat-auth`;
 * `role` is the IAM role that a person would have to grant. Bugs of ours are thrown on.
 */
export function grpcFailure<T>(what: string, role: string, error: unknown): Result<T> {
  if (!isGrpcError(error)) {
    if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError) throw error;
    return fail('unavailable', `could not ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const code = failureCode(error.code);
  return fail(code, `could not ${what}: ${sayings(error)}`, hintOf(code, role));
}

/** The client ends its own words with a note that is empty where names were not the trouble. */
function sayings({ details, message }: GrpcError): string {
  return (details || message).replace(/\s*Resolution note:\s*$/, '').trim();
}

function hintOf(code: FailureCode, role: string): string | undefined {
  if (code === 'permission') return `check the credentials and that they hold ${role}`;
  if (code === 'quota') return 'wait a minute, or ask for more quota in the project';
  if (code === 'unavailable' || code === 'timeout') return 'check that the endpoint is up and can be reached from here';
  return undefined;
}

function isGrpcError(error: unknown): error is GrpcError {
  return error instanceof Error && 'code' in error && typeof error.code === 'number';
}
