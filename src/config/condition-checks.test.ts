import { expect, test } from 'vitest';
import { Slo } from '../core/phase-conditions.ts';
import { checkConditions } from './condition-checks.ts';

test.each<[object, string[]]>([
  [{ from: 'requests', metric: 'p95' }, []],
  [{ from: 'report', metric: 'anything' }, []],
  [{ from: 'probe', metric: 'errorRate' }, ['probe have no "errorRate"']],
  [{ from: 'requests', metric: 'p99' }, ['requests have no "p99"']],
  [{ from: 'requests', metric: 'p50', suite: 'chta' }, ['the phase has no suite "chta"']],
])('%j', (given, messages) => {
  const slo = [Slo.parse({ name: 'fast', max: 10, ...given })];
  const phase = {
    name: 'p',
    always: false,
    suites: ['chat'],
    conditions: { health: false, noEnvironmentCause: false, slo },
  };
  expect(checkConditions({ phases: [phase] }).map(({ message }) => message)).toEqual(messages);
});
