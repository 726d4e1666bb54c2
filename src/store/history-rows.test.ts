import { afterEach, beforeEach, expect, test } from 'vitest';
import type { History, HistorySuite } from '../ports/history.ts';
import { openSampleStore } from '../testing/store-sample.ts';

let sample: Awaited<ReturnType<typeof openSampleStore>>;
const historyFor = (run: string, environment = 'local'): History => sample.store.memory(environment, run).history;
beforeEach(async () => {
  sample = await openSampleStore();
});
afterEach(() => sample.remove());

/** Night `n` of a suite: `aP bF` are its tests. */
function night(n: number, tests: string, given: Partial<HistorySuite> = {}): HistorySuite {
  return {
    ...{
      suite: 'chat',
      selection: 'all',
      run: `run-${n}`,
      cycle: 1,
      revision: `chat-${n}`,
      commit: null,
      verdict: 'GO',
    },
    at: `2026-11-${10 + n}T02:30:00.000Z`,
    tests: tests.split(' ').map((word) => ({ test: word.slice(0, -1), outcome: word.slice(-1) as 'P', durationMs: 7 })),
    ...given,
  };
}

test('the baseline is the newest run of the same suite, selection and environment, never the run that asks', async () => {
  const history = historyFor('run-4');
  await history.remember(night(1, 'aP bP'));
  await history.remember(night(2, 'aP bF'));
  await history.remember(night(3, 'aF', { selection: 'partial' }));
  await history.remember(night(4, 'aF bF'));
  await historyFor('run-9', 'staging').remember(night(9, 'aF'));
  expect(await history.baseline('chat', 'all')).toEqual(night(2, 'aP bF'));
  expect(await history.baseline('chat', 'other')).toBeNull();
  expect(await history.outcomes('chat', 'a', 10)).toBe('PPF');
  expect(await history.outcomes('chat', 'a', 2)).toBe('PF');
});

test('a suite is stored once, however often a resumed run says it', async () => {
  const history = historyFor('now');
  await history.remember(night(1, 'aP'));
  await history.remember(night(1, 'aF'));
  expect(await history.outcomes('chat', 'a', 10)).toBe('P');
});

test('whether a test ever passed, and the results of many tests', async () => {
  const history = historyFor('now');
  const many = Array.from({ length: 1200 }, (_, n) => `t${n}F`).join(' ');
  await history.remember(night(1, `${many} __proto__P`));
  expect(await history.everPassed('chat', '__proto__')).toBe(true);
  expect(await history.everPassed('chat', 't7')).toBe(false);
  expect(await history.everPassed('other', '__proto__')).toBe(false);
  expect(await history.results({ suite: 'chat', test: null, limit: 5 })).toHaveLength(1201);
  expect(await history.results({ suite: null, test: 'PROTO', limit: 5 })).toMatchObject([
    { run: 'run-1', outcome: 'P' },
  ]);
});

test('of each piece of a split suite the newest duration is known, for its own environment, at most 10,000', async () => {
  const history = historyFor('now');
  await history.rememberPieces(
    'chat',
    [
      { item: 'a', durationMs: 5 },
      { item: 'b', durationMs: 7 },
    ],
    '2026-11-10T00:00:00.000Z',
  );
  await history.rememberPieces('chat', [{ item: 'b', durationMs: 9 }], '2026-11-11T00:00:00.000Z');
  await historyFor('now', 'staging').rememberPieces('chat', [{ item: 'c', durationMs: 1 }], '2026-11-11T00:00:00.000Z');
  expect(await history.pieces('chat')).toEqual([
    { item: 'a', durationMs: 5 },
    { item: 'b', durationMs: 9 },
  ]);
  expect(await history.pieces('other')).toEqual([]);
  const many = Array.from({ length: 10_000 }, (_, n) => ({ item: `n${n}`, durationMs: n }));
  await history.rememberPieces('chat', many, '2026-11-12T00:00:00.000Z');
  expect((await history.pieces('chat')).map(({ item }) => item)).toEqual(many.map(({ item }) => item).toSorted());
});
