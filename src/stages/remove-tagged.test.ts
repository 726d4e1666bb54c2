import { expect, test } from 'vitest';
import { isLeftBehind } from './remove-tagged.ts';

const now = new Date('2026-11-21T12:00:00Z');
test.each([
  ['finished', '2026-11-21T11:00:00Z', true],
  ['cancelled', '2026-11-21T11:00:00Z', true],
  ['parked', '2026-11-01T11:00:00Z', false],
  ['interrupted', '2026-11-01T11:00:00Z', false],
  ['running', '2026-11-21T11:00:00Z', false],
  ['running', '2026-11-20T11:00:00Z', true],
  [null, '2026-11-21T11:00:00Z', false],
  [null, '2026-11-20T11:00:00Z', true],
] as const)('a run that is %s, its revision made at %s: left behind is %s', (state, createdAt, left) => {
  expect(isLeftBehind(state, createdAt, now)).toBe(left);
});
