import type { Condition } from './records.ts';

export type Details = Pick<Condition, 'severity' | 'reason' | 'revisionReason'>;

export function succeeded(type: string, at: string, message = '', details: Details = {}): Condition {
  return { type, state: 'CONDITION_SUCCEEDED', message, lastTransitionTime: at, ...details };
}

export function reconciling(type: string, at: string, message = ''): Condition {
  return { type, state: 'CONDITION_RECONCILING', message, lastTransitionTime: at };
}

export function failed(type: string, at: string, message: string, details: Details = {}): Condition {
  return { type, state: 'CONDITION_FAILED', message, lastTransitionTime: at, ...details };
}

/** The time of a transition is the time of the change, not of the last look. */
export function keepTransition(before: Condition, now: Condition): Condition {
  const same = before.state === now.state && before.message === now.message;
  return same ? { ...now, lastTransitionTime: before.lastTransitionTime } : now;
}

export function startingConditions(at: string, revision: string): Condition[] {
  return [
    reconciling('Ready', at, `Deploying revision ${revision}.`),
    reconciling('ContainerHealthy', at),
    reconciling('ResourcesAvailable', at, 'Provisioning imported containers. Checking container health.'),
  ];
}

export function readyConditions(at: string, seconds: number): Condition[] {
  return [
    succeeded('Ready', at, `Deploying revision succeeded in ${seconds.toFixed(2)}s.`),
    succeeded('Active', at, '', { severity: 'INFO' }),
    succeeded('ContainerHealthy', at, 'Containers became healthy.'),
    succeeded('ContainerReady', at),
    succeeded('ResourcesAvailable', at),
  ];
}

/** A revision that nothing routes to is stopped; that is no failure. */
export function withActivity(conditions: readonly Condition[], active: boolean, at: string): Condition[] {
  const activity = active
    ? succeeded('Active', at, '', { severity: 'INFO' })
    : failed('Active', at, 'Revision retired.', { severity: 'INFO', revisionReason: 'RETIRED' });
  return conditions.map((condition) => (condition.type === 'Active' ? keepTransition(condition, activity) : condition));
}
