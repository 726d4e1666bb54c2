import { expect, test } from 'vitest';
import { noCandidateBecause } from './candidate-kinds.ts';

test.each([
  ['tag', 'propose', false, null],
  ['none', 'act', true, 'its config asks for no candidate'],
  ['traffic', 'act', true, null],
  ['traffic', 'act', false, 'its candidate would take traffic, and a partial focus moves none'],
  ['traffic', 'propose', true, 'its candidate would take traffic, and level propose moves none'],
] as const)(
  'a service with candidate: %s, level %s, everything selected %s',
  (candidate, level, allSelected, because) => {
    expect(noCandidateBecause(candidate, { level, allSelected })).toBe(because);
  },
);
