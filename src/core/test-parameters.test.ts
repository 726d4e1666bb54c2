import { expect, test } from 'vitest';
import { testParameters } from './test-parameters.ts';

// [name, parameters]
test.each([
  ['test_adds[1-2]', '1-2'],
  ['test_adds[a[0]-b]', 'a[0]-b'],
  ['Adds(1, 2)', '1, 2'],
  ['adds(int, int)[3]', '3'],
  ['calls f()', null],
  ['it answers (slowly)', null],
  ['it answers', null],
  ['[1]', null],
  ['unbalanced]', null],
  ['', null],
])('%j', (name, parameters) => expect(testParameters(name)).toBe(parameters));
