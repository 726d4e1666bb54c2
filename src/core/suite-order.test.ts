import { expect, test } from 'vitest';
import { orderByRisk, type SuitePast } from './suite-order.ts';
import type { Priority } from './words.ts';

const day = (n: number, verdict: SuitePast['verdict'] = 'GO', red = 0): SuitePast => ({
  ...{ run: `run-${n}`, verdict, red },
  at: `2026-11-${10 + n}T02:30:00.000Z`,
});

test.each<[string, [name: string, priority: Priority, past: SuitePast | null][], string]>([
  ['nothing', [], ''],
  [
    'all new: by priority, ties as written',
    [
      ['a', 'P2', null],
      ['b', 'P1', null],
      ['c', 'P2', null],
    ],
    'b a c',
  ],
  [
    'failed, then new, then passed',
    [
      ['passed', 'P1', day(1)],
      ['new', 'P6', null],
      ['failed', 'P6', day(1, 'NO-GO', 2)],
    ],
    'failed new passed',
  ],
  [
    'one red test within the gate is a failure too',
    [
      ['green', 'P1', day(1)],
      ['red-within-gate', 'P3', day(1, 'GO', 1)],
    ],
    'red-within-gate green',
  ],
  [
    'a lost gate without red tests too',
    [
      ['green', 'P1', day(1)],
      ['skipped-too-much', 'P3', day(1, 'NO-GO', 0)],
    ],
    'skipped-too-much green',
  ],
  [
    'of the same priority, the older pass goes first',
    [
      ['today', 'P2', day(3)],
      ['yesterday', 'P2', day(2)],
      ['long-ago', 'P3', day(1)],
    ],
    'yesterday today long-ago',
  ],
  [
    'the same instant: as written',
    [
      ['z', 'P1', day(1)],
      ['a', 'P1', day(1)],
    ],
    'z a',
  ],
])('%s', (_story, suites, expected) => {
  const rows = suites.map(([name, priority, past]) => ({ name, priority, past }));
  expect(
    orderByRisk(rows)
      .map(({ name }) => name)
      .join(' '),
  ).toBe(expected);
});

test('each says why it stands there', () => {
  const rows = [
    { name: 'a', priority: 'P1', past: day(1) },
    { name: 'b', priority: 'P2', past: null },
    { name: 'c', priority: 'P3', past: day(2, 'NO-GO', 3) },
    { name: 'd', priority: 'P3', past: day(3, 'NO-GO') },
  ] as const;
  expect(orderByRisk(rows)).toEqual([
    { name: 'c', because: 'it failed last time, 3 red in run run-2' },
    { name: 'd', because: 'it failed last time, in run run-3' },
    { name: 'b', because: 'it is new' },
    { name: 'a', because: 'P1, and it passed in run run-1' },
  ]);
});
