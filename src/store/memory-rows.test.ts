import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Cause } from '../core/record.ts';
import type { Memory } from '../ports/memory.ts';
import { openSampleStore, sampleAt, sampleRun } from '../testing/store-sample.ts';

let sample: Awaited<ReturnType<typeof openSampleStore>>;
let memory: Memory;
let elsewhere: Memory;
beforeEach(async () => {
  sample = await openSampleStore();
  memory = sample.store.memory('local', 'run-now');
  elsewhere = sample.store.memory('staging', 'run-now');
});
afterEach(() => sample.remove());

const good = (revision: string, at: string) => ({
  service: 'backend',
  revision,
  commit: `commit-of-${revision}`,
  run: 'run-a',
  at,
});
const fix: Parameters<Memory['rememberFix']>[0] = {
  fingerprint: '3f9c',
  n: 1,
  run: 'run-a',
  outcome: 'fixed',
  held: true,
  commit: 'c0ffee',
  because: 'proven',
};

describe('what outlives a run', () => {
  test('a service that was pinned is known until it is served as LATEST again', async () => {
    const row = { service: 'backend', revision: 'backend-1', run: 'run-a', at: sampleAt };
    await memory.rememberPinned(row);
    await memory.rememberPinned({ ...row, revision: 'backend-2' });
    expect(await memory.pinnedFromLatest('backend')).toBe('backend-2');
    expect([await memory.pinnedFromLatest('auth'), await elsewhere.pinnedFromLatest('backend')]).toEqual([null, null]);
    await memory.forgetPinned('backend');
    expect(await memory.pinnedFromLatest('backend')).toBeNull();
  });

  test('how another run stands', async () => {
    await sample.store.create({ ...sampleRun('run-b'), state: 'parked' }, sampleAt);
    expect(await memory.runState('run-b')).toBe('parked');
    expect([await memory.runState('run-x'), await elsewhere.runState('run-b')]).toEqual([null, null]);
  });

  test('the reference is the last revision with a GO', async () => {
    await memory.rememberGood(good('backend-1', '2026-11-18T00:00:00.000Z'));
    await memory.rememberGood(good('backend-2', '2026-11-19T00:00:00.000Z'));
    await memory.rememberGood({ ...good('backend-1', sampleAt), run: 'run-b' });
    expect(await memory.goodRevision('backend')).toEqual({
      revision: 'backend-1',
      commit: 'commit-of-backend-1',
      run: 'run-b',
      at: sampleAt,
    });
    expect(await memory.goodRevision('auth')).toBeNull();
    expect(await elsewhere.goodRevision('backend')).toBeNull();
  });

  test('why a revision is bad is what was found first', async () => {
    const bad = { service: 'backend', revision: 'backend-3', run: 'run-a', at: sampleAt };
    await memory.rememberBad({ ...bad, because: '5 of 8 passed' });
    await memory.rememberBad({ ...bad, because: 'something else' });
    expect(await memory.badRevision('backend', 'backend-3')).toBe('5 of 8 passed');
    expect(await elsewhere.badRevision('backend', 'backend-3')).toBeNull();
  });

  test('fix attempts are counted over all runs, each once', async () => {
    await memory.rememberFix({ ...fix, n: 2, held: false, outcome: 'no-op', commit: null });
    await memory.rememberFix({ ...fix, held: false, because: 'it was not proven' });
    await memory.rememberFix(fix);
    expect(await memory.fixAttempts('3f9c')).toEqual([
      fix,
      { ...fix, n: 2, held: false, outcome: 'no-op', commit: null },
    ]);
    expect(await memory.fixAttempts('beef')).toEqual([]);
    expect(await elsewhere.fixAttempts('3f9c')).toEqual([]);
  });

  test('a cause is known by its fingerprint, as it was seen last', async () => {
    const cause = { fingerprint: '3f9c', title: 'tool_name is missing', tests: ['a'] } as unknown as Cause;
    await memory.rememberCause(cause);
    await memory.rememberCause({ ...cause, tests: ['a', 'b'] });
    expect(await memory.cause('3f9c')).toEqual({ ...cause, tests: ['a', 'b'] });
    expect(await elsewhere.cause('3f9c')).toBeNull();
  });

  test('earlier runs are those of the same environment and pipeline, newest first, without the one that asks', async () => {
    for (const [id, minute] of [
      ['run-a', 1],
      ['run-b', 2],
      ['run-now', 3],
    ] as const)
      await sample.store.create(sampleRun(id, minute), sampleAt);
    await sample.store.create({ ...sampleRun('run-s', 4), environment: 'staging' }, sampleAt);
    await sample.store.create({ ...sampleRun('run-n', 5), pipeline: 'nightly' }, sampleAt);
    await sample.store.commit({ run: 'run-a', lease: null, at: sampleAt, verdict: 'GO', endedAt: sampleAt });
    const [first, second] = [
      { run: 'run-b', verdict: null, endedAt: null },
      { run: 'run-a', verdict: 'GO', endedAt: sampleAt },
    ];
    expect(await memory.lastRuns('e2e', 5)).toEqual([first, second]);
    expect(await memory.lastRuns('e2e', 1)).toEqual([first]);
  });
});
