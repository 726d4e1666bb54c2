import type { Condition } from '../../ports/deployer.ts';
import type { WireCondition, WireRevision } from './wire.ts';

export type ConditionState = 'succeeded' | 'failed' | 'pending';

export function conditionState(condition: WireCondition | null | undefined): ConditionState {
  if (condition?.state === 'CONDITION_SUCCEEDED') return 'succeeded';
  return condition?.state === 'CONDITION_FAILED' ? 'failed' : 'pending';
}

/** The platform's condition in our words; its reason is the word of whichever of the three reason fields is set. */
export function conditionFacts(condition: WireCondition): Condition {
  const { type, message, reason, revisionReason, executionReason } = condition;
  const word = [reason, revisionReason, executionReason].find((one) => typeof one === 'string' && !isUnset(one));
  return {
    type: type ?? '',
    state: conditionState(condition),
    reason: word === undefined ? null : String(word),
    message: message || null,
  };
}

function isUnset(reason: string): boolean {
  return reason.endsWith('_UNDEFINED') || reason.endsWith('_UNSPECIFIED') || reason === 'UNKNOWN';
}

/** How the revision came up: its `Ready` condition, which sums the others up, and the platform's sentence about it. */
export function readiness(revision: WireRevision): { readonly state: ConditionState; readonly message: string | null } {
  const ready = revision.conditions?.find((condition) => condition.type === 'Ready');
  const state = conditionState(ready);
  return { state, message: state === 'succeeded' ? null : ready?.message || null };
}
