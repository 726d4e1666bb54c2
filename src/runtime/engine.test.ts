import { writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { phase, suite } from '../core/judged-sample.ts';
import type { LoopOptions } from '../core/loop-context.ts';
import { RunRecord } from '../core/record.ts';
import { plain } from '../ports/journal.ts';
import { LeaseLost, type RunStore, type StoredRun } from '../ports/run-store.ts';
import type { StageRun } from '../ports/stage.ts';
import { endOf, runId, SmallRun } from '../testing/small-run.ts';
import { fullRecord } from './full-record.ts';

const made: SmallRun[] = [];
async function create(options: Partial<LoopOptions> = {}, changes: Partial<StoredRun> = {}): Promise<SmallRun> {
  const run = await SmallRun.create(options, changes);
  made.push(run);
  return run;
}
afterEach(async () => {
  for (const run of made.splice(0)) await run.remove();
});

const greenPath = 'preparing checkingRevisions deploying checkingHealth testing readingLogs publishing recording'.split(
  ' ',
);

/** Works until it is stopped. */
async function untilStopped({ signal }: StageRun): Promise<never> {
  signal.throwIfAborted();
  return new Promise((_done, stopped) =>
    signal.addEventListener('abort', () => stopped(signal.reason), { once: true }),
  );
}

/** Every write fails as it does on a disk with no room. */
const fullDisk = () => writeFile('/dev/full', 'no room');

describe('a run from its first row to its end', () => {
  test('walks its stages and stores what each of them found', async () => {
    const run = await create();
    const end = await run.drive();
    expect([end.state, end.exitCode, run.begun]).toEqual(['finished', 0, greenPath]);
    expect(await run.stored()).toMatchObject({ state: 'finished', verdict: 'GO', record: end.record });
    const record = await fullRecord(run.store, runId, end.record);
    expect(RunRecord.parse(record).evidence).toMatchObject([{ id: 'E1', excerpt: '3 passed' }]);
    expect(record.log.map(({ stage }) => stage)).toEqual(greenPath);
  });

  test('tells the world what it stored, in the same order', async () => {
    const run = await create();
    await run.drive();
    const stored = (await run.store.events(runId)).map(({ event }) => event);
    expect(run.events.filter(({ type }) => type !== 'stage-started')).toEqual(stored);
    expect(run.events.at(-1)).toMatchObject({ type: 'run-ended', verdict: 'GO', exitCode: 0 });
  });

  test('can be rebuilt from its journal alone', async () => {
    const run = await create();
    await run.drive();
    expect(JSON.stringify(await run.rebuilt())).toBe(JSON.stringify((await run.stored()).snapshot));
  });

  test('shows the record before and after each stage', async () => {
    const run = await create({ dryRun: true });
    const shown: string[] = [];
    run.output = { record: async ({ run: { stage, state } }) => void shown.push(`${state} ${stage}`) };
    expect((await run.drive()).record.run.outcome).toBe('planned');
    expect(shown).toEqual([
      'running preparing',
      'running checkingRevisions',
      'running checkingRevisions',
      'running recording',
      'running recording',
      'running recording',
      'finished recording',
    ]);
  });
});

describe('Ctrl-C', () => {
  test('voids the attempt; the resume runs the same task and repeats nothing that was done', async () => {
    const run = await create();
    let attempts = 0;
    let works = 0;
    const tested = endOf('testing', { phases: [phase('all-of-it', 'GO')] });
    run.stages.testing = async (stage) => {
      attempts += 1;
      await stage.journal.step(`${stage.key}/suite`, null, async () => {
        works += 1;
        return plain(works);
      });
      if (attempts > 1) return tested;
      run.interrupt.abort();
      return untilStopped(stage);
    };
    const first = await run.drive();
    expect([first.state, first.exitCode, first.record.verdict]).toEqual(['interrupted', 130, null]);
    expect(first.record.next.at(-1)?.what).toBe(`loop resume ${runId}`);
    const second = await run.drive(run.store, new AbortController().signal);
    expect([second.state, second.exitCode, attempts, works]).toEqual(['finished', 0, 2, 1]);
  });

  test('between two stages begins no other one', async () => {
    const run = await create();
    run.interrupt.abort();
    expect(await run.drive()).toMatchObject({ state: 'interrupted', exitCode: 130 });
    expect(run.begun).toEqual([]);
  });

  test('takes the time that was worked from the budget', async () => {
    const run = await create({}, { budgetMsLeft: 60_000 });
    run.stages.testing = async (stage) => {
      setTimeout(() => run.interrupt.abort(), 20);
      return untilStopped(stage);
    };
    await run.drive();
    expect((await run.stored()).budgetMsLeft).toBeLessThan(59_990);
  });
});

describe('a run that waits for a person', () => {
  async function parked(): Promise<SmallRun> {
    const run = await create({ approve: ['traffic'] });
    run.stages.readingLogs = async () => endOf('readingLogs', {}, 1);
    expect(await run.drive()).toMatchObject({ state: 'parked', exitCode: 3 });
    return run;
  }
  const later = (run: SmallRun, ms: number) => {
    run.now = new Date(run.now.getTime() + ms);
    return run.now.toISOString();
  };
  const words = ({ record }: { record: RunRecord }) => record.approvals.map((one) => `${one.what} ${one.decision}`);

  test('writes the question down once, however often it is looked at', async () => {
    const run = await parked();
    const again = await run.drive();
    expect([again.state, words(again)]).toEqual(['parked', ['traffic asked']]);
    expect(again.record.next.at(-1)?.what).toBe(`loop approve ${runId}, or loop reject ${runId}`);
  });

  test('goes on when it is approved', async () => {
    const run = await parked();
    await run.store.decide({ run: runId, what: 'approve', at: later(run, 1_000) });
    const end = await run.drive();
    expect([end.state, end.exitCode, words(end)]).toEqual(['finished', 0, ['traffic asked', 'traffic approved']]);
    expect(run.begun.slice(-4)).toEqual(['revalidating', 'promoting', 'publishing', 'recording']);
    expect(await run.store.openDecisions(runId)).toEqual([]);
  });

  test('moves nothing when it is refused', async () => {
    const run = await parked();
    await run.store.decide({ run: runId, what: 'reject', at: later(run, 1_000) });
    expect(words(await run.drive())).toEqual(['traffic asked', 'traffic rejected']);
    expect(run.begun).not.toContain('promoting');
  });

  test('moves nothing when nobody answers in time', async () => {
    const run = await parked();
    later(run, 3_600_001);
    const end = await run.drive();
    expect([end.state, words(end)]).toEqual(['finished', ['traffic asked', 'traffic expired']]);
    expect(run.begun).not.toContain('promoting');
  });

  test('moves nothing by a word that came too late', async () => {
    const run = await parked();
    await run.store.decide({ run: runId, what: 'approve', at: later(run, 3_600_001) });
    expect(words(await run.drive())).toEqual(['traffic asked', 'traffic expired']);
    expect(run.begun).not.toContain('promoting');
    expect(await run.store.openDecisions(runId)).toEqual([]);
  });

  test('is cancelled for good', async () => {
    const run = await parked();
    await run.store.decide({ run: runId, what: 'cancel', at: later(run, 1_000) });
    expect(await run.drive()).toMatchObject({ state: 'cancelled', exitCode: 130 });
  });

  test('does not take an old answer for a new question', async () => {
    const run = await create({ approve: ['traffic'] });
    run.stages.readingLogs = async () => endOf('readingLogs', {}, 1);
    await run.store.decide({ run: runId, what: 'approve', at: new Date(run.now.getTime() - 1).toISOString() });
    expect((await run.drive()).state).toBe('parked');
  });
});

describe('while a stage works', () => {
  test('a person cancels: it is stopped, and nothing is published', async () => {
    const run = await create();
    run.stages.testing = async (stage) => {
      await run.store.decide({ run: runId, what: 'cancel', at: run.now.toISOString() });
      return untilStopped(stage);
    };
    expect(await run.drive()).toMatchObject({ state: 'cancelled', exitCode: 130 });
    expect(run.begun.slice(-2)).toEqual(['checkingHealth', 'recording']);
    expect(await run.store.openDecisions(runId)).toEqual([]);
  });

  test('the time is up: what is not proven is INVALID, and the record names the limit', async () => {
    const run = await create({}, { budgetMsLeft: 100 });
    // A clock that stands still: the stages before cost nothing, however busy this machine is.
    run.monotonicMs = () => 0;
    run.stages.testing = untilStopped;
    const { state, exitCode, record } = await run.drive();
    expect([state, exitCode, record.verdict?.value, record.run.limitsHit]).toEqual([
      'finished',
      4,
      'INVALID',
      ['minutes (in testing)'],
    ]);
    expect(run.begun.slice(-2)).toEqual(['publishing', 'recording']);
  });

  test('it breaks: the run ends with 70, and says whose bug it is', async () => {
    const run = await create();
    run.stages.readingLogs = async () => {
      throw new TypeError('entries is undefined');
    };
    const { state, exitCode, record } = await run.drive();
    expect([state, exitCode]).toEqual(['finished', 70]);
    expect(record.next.at(-1)).toMatchObject({
      what: expect.stringContaining('bug of loop'),
      because: expect.stringContaining('entries is undefined'),
    });
    expect(run.events.find((event) => event.type === 'stage-ended' && !event.ok)).toMatchObject({
      stage: 'readingLogs',
    });
  });

  test('its lock is lost: it writes nothing any more', async () => {
    const run = await create();
    run.stages.testing = async () => {
      await run.store.releaseLease('local', 'token');
      return endOf('testing');
    };
    await expect(run.drive()).rejects.toThrow(LeaseLost);
    expect((await run.journalled()).at(-1)).toMatchObject({ output: { stage: 'checkingHealth' } });
  });
});

describe('a full disk', () => {
  test('for the worklog is told once; the run goes on in the store', async () => {
    const run = await create();
    run.output = { record: fullDisk };
    expect(await run.drive()).toMatchObject({ state: 'finished', exitCode: 0 });
    const told = run.events.filter((event) => event.type === 'note').map(({ what }) => what);
    expect(told).toEqual([
      expect.stringMatching(/^the worklog cannot be written, the run goes on in the store: ENOSPC/),
    ]);
    expect((await fullRecord(run.store, runId, (await run.stored()).record)).log.map(({ what }) => what)).toContain(
      told[0],
    );
  });

  test('for evidence makes the run INVALID, and is nobody’s bug', async () => {
    const run = await create();
    run.stages.testing = async () => {
      await fullDisk();
      return endOf('testing');
    };
    const { exitCode, record } = await run.drive();
    expect([exitCode, record.verdict?.value, record.problems[0]?.code]).toEqual([4, 'INVALID', 'unstorable']);
    expect(record.verdict?.reason).toMatch(/^the run's folder cannot be written: ENOSPC/);
    expect(JSON.stringify(record.next)).not.toContain('bug');
  });

  test('after a gate was lost leaves the NO-GO that is proven', async () => {
    const run = await create();
    const red = phase('safety', 'NO-GO', [suite('events', { verdict: 'NO-GO' })]);
    run.stages.testing = async () => endOf('testing', { phases: [red] }, 2);
    run.stages.controlling = async () => {
      await fullDisk();
      return endOf('controlling');
    };
    expect(await run.drive()).toMatchObject({ exitCode: 1, record: { verdict: { value: 'NO-GO' } } });
  });
});

describe('killed at any of its writes and resumed', () => {
  /** Dies with its n-th write: that one is on disk, and nothing after it. */
  function dyingStore(store: RunStore, n: number): RunStore {
    let writes = 0;
    const commit: RunStore['commit'] = async (change) => {
      if (writes >= n) throw new Error('killed');
      writes += 1;
      const stored = await store.commit(change);
      if (writes >= n) throw new Error('killed');
      return stored;
    };
    return { ...store, commit };
  }

  async function withOneIssue(): Promise<{ run: SmallRun; issues: string[] }> {
    const run = await create();
    const issues: string[] = [];
    run.stages.publishing = async (stage) => {
      await stage.journal.effect(`${stage.key}/issue`, null, {
        find: async () => (issues.includes('issue') ? plain('found') : null),
        perform: async () => {
          issues.push('issue');
          return plain('made');
        },
      });
      return endOf('publishing');
    };
    return { run, issues };
  }

  test('it comes to the same end, with one outside effect', async () => {
    const whole = await withOneIssue();
    const expected = await whole.run.drive();
    for (let n = 1; ; n += 1) {
      const { run, issues } = await withOneIssue();
      const died = await run.drive(dyingStore(run.store, n)).then(
        () => false,
        () => true,
      );
      if (!died) {
        expect(n).toBeGreaterThan(greenPath.length + 4);
        return;
      }
      const end = await run.drive();
      expect([n, end.exitCode, end.record, issues]).toEqual([n, 0, expected.record, ['issue']]);
    }
  });
});
