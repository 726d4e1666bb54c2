import { status } from '@grpc/grpc-js';

/** What a method of an emulated API answers: a value, or a gRPC status with the real API's kind of message. */
export type Answer<T> = { readonly ok: true; readonly value: T } | Refusal;

export interface Refusal {
  readonly ok: false;
  readonly code: status;
  readonly message: string;
}

export function answer<T>(value: T): Answer<T> {
  return { ok: true, value };
}

export function refuse(code: keyof typeof status, message: string): Refusal {
  return { ok: false, code: status[code], message };
}
