import type { FailureCode } from './result.ts';

const refusals: readonly string[] = [
  'permission',
  'quota',
  'unavailable',
  'timeout',
  'config',
  'usage',
  'conflict',
] satisfies FailureCode[];

/** Whether a deployment failed for the platform's reason or ours, and not for the candidate's own: a run of those is BLOCKED. */
export function isRefusal(code: string): boolean {
  return refusals.includes(code);
}
