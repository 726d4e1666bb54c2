/** An expected failure: what happened, where, and what a person can do about it. */
export interface Failure {
  /** The closed word that a caller decides by. */
  readonly code: FailureCode;
  readonly message: string;
  readonly hint?: string;
}

export type FailureCode =
  | 'not-found'
  | 'conflict'
  | 'permission'
  | 'quota'
  | 'usage'
  | 'config'
  | 'unavailable'
  | 'timeout'
  | 'cancelled'
  | 'build'
  | 'not-started'
  /** A command ended, and the platform shows nothing of what it should have done. */
  | 'no-change'
  /** A revision that was found bad with traffic, or red against a green reference, in an earlier run. */
  | 'found-bad'
  | 'locked'
  | 'unreadable';

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export function succeed<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(code: FailureCode, message: string, hint?: string): { ok: false; failure: Failure } {
  return { ok: false, failure: hint === undefined ? { code, message } : { code, message, hint } };
}
