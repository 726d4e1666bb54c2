import type { Problem } from '../core/record.ts';
import type { Failure } from '../core/result.ts';

/** An expected failure of a stage's own work, as the record keeps it. */
export function problemOf(stage: string, failure: Failure, blocks: boolean): Problem {
  return { stage, code: failure.code, message: failure.message, hint: failure.hint ?? null, blocks };
}
