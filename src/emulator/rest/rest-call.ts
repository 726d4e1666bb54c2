import { status } from '@grpc/grpc-js';
import type { Answer, Refusal } from '../answer.ts';
import type { Caller } from '../caller.ts';

/** One HTTP/1.1 request with a good token. */
export interface RestCall {
  readonly method: string;
  /** Decoded, without host and query. */
  readonly path: string;
  /** The name that the client asked, e.g. `us-central1-run.loop.test`: regional APIs say the region there. */
  readonly host: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly caller: Caller;
}

/** Answers the calls of one API; null for a path that is not its own. */
export type RestApi = (call: RestCall) => Promise<Answer<object>> | null;

const httpStatuses: Readonly<Record<number, number>> = {
  [status.CANCELLED]: 499,
  [status.INVALID_ARGUMENT]: 400,
  [status.DEADLINE_EXCEEDED]: 504,
  [status.NOT_FOUND]: 404,
  [status.ALREADY_EXISTS]: 409,
  [status.PERMISSION_DENIED]: 403,
  [status.RESOURCE_EXHAUSTED]: 429,
  [status.FAILED_PRECONDITION]: 400,
  [status.ABORTED]: 409,
  [status.OUT_OF_RANGE]: 400,
  [status.UNIMPLEMENTED]: 501,
  [status.UNAVAILABLE]: 503,
  [status.UNAUTHENTICATED]: 401,
};

/** The status and the body that Google's APIs answer for a gRPC status. */
export function refusalBody({ code, message }: Refusal): { httpStatus: number; body: object } {
  const httpStatus = httpStatuses[code] ?? 500;
  return { httpStatus, body: { error: { code: httpStatus, message, status: status[code] ?? 'UNKNOWN' } } };
}
