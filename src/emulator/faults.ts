import { status } from '@grpc/grpc-js';
import { z } from 'zod';
import type { Refusal } from './answer.ts';

/** Faults that a test asks for. Each request replaces the ones before; they do not outlive the process. */
export const FaultRequest = z.strictObject({
  /** Which service is slow to become ready; all of them when left out. */
  service: z.string().optional(),
  readySlowMs: z.number().int().min(0).max(60_000).optional(),
  failNext: z
    .strictObject({
      /** `UpdateService`, `ListLogEntries`, … */
      method: z.string(),
      code: z.number().int().min(1).max(16),
      message: z.string(),
      times: z.number().int().min(1).default(1),
    })
    .optional(),
});
export type FaultRequest = z.infer<typeof FaultRequest>;

export class Faults {
  #request: FaultRequest = {};
  #left = 0;

  replace(request: FaultRequest): void {
    this.#request = request;
    this.#left = request.failNext?.times ?? 0;
  }

  readySlowMs(service: string): number {
    const { service: only, readySlowMs = 0 } = this.#request;
    return only === undefined || only === service ? readySlowMs : 0;
  }

  refusal(method: string): Refusal | null {
    const { failNext } = this.#request;
    if (failNext?.method !== method || this.#left === 0) return null;
    this.#left -= 1;
    const known = status[failNext.code] === undefined ? status.UNKNOWN : failNext.code;
    return { ok: false, code: known, message: failNext.message };
  }
}
