import type { WireCondition, WireRevision } from './wire.ts';

export type ConditionState = 'succeeded' | 'failed' | 'pending';

export function conditionState(condition: WireCondition | null | undefined): ConditionState {
  if (condition?.state === 'CONDITION_SUCCEEDED') return 'succeeded';
  return condition?.state === 'CONDITION_FAILED' ? 'failed' : 'pending';
}

/** How the revision came up: its `Ready` condition, which sums the others up, and the platform's sentence about it. */
export function readiness(revision: WireRevision): { readonly state: ConditionState; readonly message: string | null } {
  const ready = revision.conditions?.find((condition) => condition.type === 'Ready');
  const state = conditionState(ready);
  return { state, message: state === 'succeeded' ? null : ready?.message || null };
}
