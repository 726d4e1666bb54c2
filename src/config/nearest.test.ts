import { expect, test } from 'vitest';
import { hintFor, nearest } from './nearest.ts';

test.each([
  ['heatlh', ['path', 'health', 'env'], 'health'],
  ['evn', ['path', 'health', 'env'], 'env'],
  ['Auth', ['auth', 'backend'], 'auth'],
  ['newIsues', ['newIssues', 'openPulls'], 'newIssues'],
  ['port', ['cloudRun', 'needs'], null],
  ['', ['auth'], null],
  ['auth', [], null],
  ['x'.repeat(100_000), ['auth'], null],
])('%s', (word, known, expected) => {
  expect(nearest(word, known)).toBe(expected);
});

test('a long list is cut', () => {
  const known = Array.from({ length: 23 }, (_, n) => `service-${n + 10}`);
  expect(hintFor('nothing', known, 'services')).toMatch(/^services: service-10, .*, service-29 and 3 more$/);
});
