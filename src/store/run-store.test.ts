import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LoopEventRecord } from '../core/events.ts';
import type { RunChange, RunStore } from '../ports/run-store.ts';
import { openSampleStore, sampleArtifact, sampleAt, sampleRun } from '../testing/store-sample.ts';

let sample: Awaited<ReturnType<typeof openSampleStore>>;
let store: RunStore;
beforeEach(async () => {
  sample = await openSampleStore();
  store = sample.store;
  await store.create(sampleRun('run-a'), sampleAt);
});
afterEach(() => sample.remove());

function commit(change: Omit<RunChange, 'run' | 'lease' | 'at'>, run = 'run-a') {
  return store.commit({ run, lease: null, at: sampleAt, ...change });
}

const note = (what: string): LoopEventRecord => ({ type: 'note', stage: 'testing', what });

describe('runs', () => {
  test('come back as they were stored, in another process too', async () => {
    expect(await (await sample.reopened()).read('run-a')).toEqual(sampleRun('run-a'));
    expect(await store.read('run-z')).toBeNull();
  });

  test('are listed newest first', async () => {
    await store.create(sampleRun('run-c', 2), sampleAt);
    await store.create(sampleRun('run-b', 1), sampleAt);
    expect((await store.list(2)).map((run) => run.id)).toEqual(['run-c', 'run-b']);
  });

  test('are changed only where a change says so', async () => {
    const before = await store.read('run-a');
    await commit({ state: 'finished', verdict: 'NO-GO', endedAt: sampleAt, budgetMsLeft: 12.6 });
    const changed = { state: 'finished', verdict: 'NO-GO', endedAt: sampleAt, budgetMsLeft: 13 };
    expect(await store.read('run-a')).toEqual({ ...before, ...changed });
  });
});

describe('steps', () => {
  const intended = { key: '1/testing/1/auth', state: 'intended', inputSha256: 'abc' } as const;

  test('are intended, then done, and keep their result', async () => {
    await commit({ step: intended });
    await commit({ step: { ...intended, state: 'done' }, result: () => ({ passed: 5 }) });
    expect(await store.step('run-a', intended.key)).toEqual({
      ...intended,
      state: 'done',
      tries: 1,
      result: { passed: 5 },
    });
    expect(await store.step('run-b', intended.key)).toBeNull();
  });

  test('count how often they were begun', async () => {
    for (let n = 0; n < 3; n += 1) await commit({ step: intended });
    expect(await store.step('run-a', intended.key)).toMatchObject({ state: 'intended', tries: 3, result: null });
  });
});

describe('evidence', () => {
  test('is numbered for each run in the transaction that stores its step', async () => {
    await store.create(sampleRun('run-b'), sampleAt);
    const [first, second] = [sampleArtifact('one'), sampleArtifact('two')];
    const both = await commit({ artifacts: [first, second], result: (ids) => ids.join(' and ') });
    const other = await commit({ artifacts: [first] }, 'run-b');
    const third = await commit({ artifacts: [second] });
    expect([both.result, other.evidence, third.evidence]).toEqual(['E1 and E2', ['E1'], ['E3']]);
    expect(await store.evidence('run-a')).toEqual([
      { id: 'E1', ...first },
      { id: 'E2', ...second },
      { id: 'E3', ...second },
    ]);
  });

  test('of a change that fails takes no number', async () => {
    const torn = commit({
      artifacts: [sampleArtifact('lost')],
      result: () => {
        throw new Error('a bug');
      },
    });
    await expect(torn).rejects.toThrow('a bug');
    expect((await commit({ artifacts: [sampleArtifact('kept')] })).evidence).toEqual(['E1']);
  });
});

test('events of a resumed step are not told twice', async () => {
  const events = { key: '1/testing/1', list: [note('first'), note('second')] };
  await commit({ events });
  await commit({ events });
  await commit({ events: { key: '1/testing/2', list: [note('third')] } });
  expect((await store.events('run-a')).map(({ event }) => event)).toEqual([
    note('first'),
    note('second'),
    note('third'),
  ]);
});

test('a decision is open until the change that consumes it', async () => {
  await store.decide({ run: 'run-a', what: 'approve', at: sampleAt });
  await store.decide({ run: 'run-a', what: 'cancel', at: sampleAt });
  const [approve] = await store.openDecisions('run-a');
  await commit({ consumedDecision: approve?.id ?? 0 });
  expect((await store.openDecisions('run-a')).map(({ what }) => what)).toEqual(['cancel']);
});

test('process groups are known until they have ended', async () => {
  await store.startedProcess('run-a', { pid: 4242, startedAtTicks: '99' }, sampleAt);
  await store.startedProcess('run-a', { pid: 4343, startedAtTicks: null }, sampleAt);
  await store.endedProcess('run-a', 4242);
  expect(await store.openProcesses('run-a')).toEqual([{ pid: 4343, startedAtTicks: null }]);
});
