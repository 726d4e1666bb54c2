import { afterEach, beforeEach, expect, test } from 'vitest';
import type { History, HistorySuite } from '../ports/history.ts';
import { openSampleStore } from '../testing/store-sample.ts';
import { suiteRunsKept } from './history-rows.ts';

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
    narrowed: false,
    rules: {},
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

test('what rules found is told run by run, newest first, without the run that asks', async () => {
  const history = historyFor('run-3');
  await history.remember(night(1, 'aP', { rules: { mock: true } }));
  await history.remember(night(2, 'aP', { rules: { mock: false, hosts: true } }));
  await history.remember(night(3, 'aP', { rules: { mock: true } }));
  expect(await history.rules('chat', 9)).toEqual([
    { run: 'run-2', rules: { mock: false, hosts: true } },
    { run: 'run-1', rules: { mock: true } },
  ]);
  expect(await history.rules('chat', 1)).toMatchObject([{ run: 'run-2' }]);
  expect(await historyFor('run-9', 'staging').rules('chat', 9)).toEqual([]);
});

test('the last good run of a suite is the newest whole GO, whatever was selected', async () => {
  const history = historyFor('run-6');
  expect(await history.lastGood('chat')).toBeNull();
  await history.remember(night(1, 'aP bP cP'));
  await history.remember(night(2, 'aP bP', { selection: 'partial' }));
  await history.remember(night(3, 'aP', { narrowed: true }));
  await history.remember(night(4, 'aP bP cP dF', { verdict: 'NO-GO' }));
  await history.remember(night(6, 'aP'));
  expect(await history.lastGood('chat')).toEqual({ run: 'run-2', tests: 2 });
  expect(await history.lastGood('auth')).toBeNull();
});

test('what is kept of a suite is bounded, and its last good run stays', async () => {
  const history = historyFor('now');
  const about = { revision: null, at: '2026-11-20T02:30:00.000Z' };
  await history.remember(night(0, 'aP bP', about));
  await history.remember(night(1, 'aF', { ...about, suite: 'other', verdict: 'NO-GO' }));
  for (let n = 2; n < suiteRunsKept + 4; n += 1) await history.remember(night(n, 'aF', { ...about, verdict: 'NO-GO' }));
  const kept = await history.results({ suite: 'chat', test: 'a', limit: 1_000 });
  expect(kept).toHaveLength(suiteRunsKept + 1);
  expect([kept[0]?.run, kept.at(-1)?.run]).toEqual([`run-${suiteRunsKept + 3}`, 'run-0']);
  expect(await history.lastGood('chat')).toEqual({ run: 'run-0', tests: 2 });
  expect(await history.results({ suite: 'other', test: null, limit: 9 })).toHaveLength(1);
});

test('how a suite did last, whatever the selection, and which of its tests are still known', async () => {
  const history = historyFor('now');
  await history.remember(night(1, 'old-nameP aP'));
  await history.remember(night(2, 'aP bF cE dS', { selection: 'partial', verdict: 'NO-GO' }));
  await history.remember(night(3, 'aP bP', { run: 'now' }));
  await historyFor('run-9', 'staging').remember(night(9, 'elsewhereF'));
  expect(await history.latest('chat')).toEqual({ run: 'run-2', verdict: 'NO-GO', red: 2, at: night(2, 'aP').at });
  expect(await history.latest('other')).toBeNull();
  expect(await history.knownTests('chat', 50, 100)).toEqual(['a', 'b', 'c', 'd', 'old-name']);
  expect(await history.knownTests('chat', 1, 100)).toEqual(['a', 'b', 'c', 'd']);
  expect(await history.knownTests('chat', 50, 2)).toEqual(['a', 'b']);
  expect(await history.knownTests('other', 50, 100)).toEqual([]);
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
