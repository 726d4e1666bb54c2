import { expect, test } from 'vitest';
import { meaningOf } from './control-round.ts';

// [candidate, reference, what it means]
test.each([
  ['FFF', 'PPP', 'revision'],
  ['FFF', 'FFF', 'environment-or-older'],
  ['PPP', 'PPP', 'not-reproduced'],
  ['FPF', 'PPP', 'flaky'],
  ['FFF', 'PFP', 'flaky'],
  ['PPP', 'FFF', 'flaky'],
  ['F', 'P', 'revision'],
  // A repeat that says nothing is no evidence, whatever the others say.
  ['FF-', 'PPP', 'impossible'],
  ['FFF', '---', 'impossible'],
  ['', '', 'impossible'],
] as const)('candidate %s, reference %s: %s', (candidate, reference, means) => {
  expect(meaningOf(candidate, reference)).toBe(means);
});
