import { expect, test } from 'vitest';
import { type CollectRule, readCollection, testsKept } from './collection.ts';

const pytest = 'tests/test_a.py::test_one\ntests/test_a.py::test_two[a b]\n\n2 tests collected in 0.01s\n';
const node: CollectRule = { count: 'lines' };

test.each<[string, string, CollectRule, string]>([
  ['every line', 'a\nb\n\n  c  \r\n', node, '3: a, b, c'],
  ['lines that fit', pytest, { count: 'lines', match: '::' }, '2: ::, ::'],
  [
    'named by the first group',
    pytest,
    { count: 'lines', match: '^(.+::.+)$' },
    '2: tests/test_a.py::test_one, tests/test_a.py::test_two[a b]',
  ],
  ['a number', pytest, { count: 'number', match: '(\\d+) tests? collected' }, '2: '],
  ['the last number that fits', '3 tests\n4 tests\n', { count: 'number', match: '^(\\d+) tests' }, '4: '],
  ['nothing printed', '\n \n', node, 'nothing was collected: it printed no line'],
  ['nothing fits', 'no tests ran\n', { count: 'lines', match: '::' }, 'nothing was collected: no line fits ::'],
  [
    'no number fits',
    'no tests ran\n',
    { count: 'number', match: '(\\d+) tests' },
    'nothing was collected: no line fits (\\d+) tests',
  ],
  ['none', '0 tests\n', { count: 'number', match: '(\\d+) tests' }, 'nothing was collected: it counts 0 tests'],
  [
    'no number in the group',
    'x tests\n',
    { count: 'number', match: '(\\w+) tests' },
    'collection failed: "x" is no number',
  ],
  [
    'a number that no list has',
    `${'9'.repeat(40)} tests\n`,
    { count: 'number', match: '(\\d+) tests' },
    `collection failed: "${'9'.repeat(40)}" is no number`,
  ],
  ['binary data', 'a\n\0\u0001\n', node, 'collection failed: it printed binary data'],
])('%s', (_story, printed, rule, expected) => {
  const read = readCollection(printed, rule);
  expect(read.ok ? `${read.count}: ${read.tests.join(', ')}` : read.problem).toBe(expected);
});

test('all are counted, so many are kept, and each name is cut', () => {
  const printed = `${'x'.repeat(9_000)}\n${'test\n'.repeat(testsKept + 5)}`;
  const read = readCollection(printed, node);
  expect(read.ok && [read.count, read.tests.length, read.tests[0]?.length]).toEqual([testsKept + 6, testsKept, 1_000]);
});
