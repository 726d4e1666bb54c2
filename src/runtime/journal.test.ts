import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Journal, plain, proven } from '../ports/journal.ts';
import { LeaseLost } from '../ports/run-store.ts';
import { type ChildProgram, childProgram } from '../testing/child-program.ts';
import { openSampleStore, sampleArtifact, sampleAt, sampleRun } from '../testing/store-sample.ts';
import { storeJournal } from './journal.ts';

let sample: Awaited<ReturnType<typeof openSampleStore>>;
let journal: Journal;
let calls: string[];
let stopper: AbortController;
beforeEach(async () => {
  sample = await openSampleStore();
  const { store } = sample;
  await store.create(sampleRun('run-a'), sampleAt);
  await store.takeLease({ environment: 'local', run: 'run-a', token: 'token', at: sampleAt });
  calls = [];
  stopper = new AbortController();
  const afterAnswer = () => {
    calls.push('answer');
  };
  const { signal } = stopper;
  journal = storeJournal({ store, run: 'run-a', lease: 'token', now: () => new Date(sampleAt), signal, afterAnswer });
});
afterEach(() => sample.remove());

const key = '1/testing/1/auth';
const stored = (at = key) => sample.store.step('run-a', at);

/** A thing in the world outside, found by its key. */
function world(there: string | null) {
  return {
    find: async () => {
      calls.push('find');
      return there === null ? null : plain(there);
    },
    perform: async () => {
      calls.push('perform');
      return plain('made');
    },
  };
}

describe('a step', () => {
  test('that was done gives its result again, without its work', async () => {
    const work = async () => {
      calls.push('work');
      return proven(sampleArtifact('report'), (evidence) => ({ passed: 5, evidence }));
    };
    expect(await journal.step(key, { suite: 'auth' }, work)).toEqual({ passed: 5, evidence: 'E1' });
    expect(await journal.step(key, { suite: 'auth' }, work)).toEqual({ passed: 5, evidence: 'E1' });
    expect(calls).toEqual(['work']);
    expect((await sample.store.evidence('run-a')).map(({ id }) => id)).toEqual(['E1']);
  });

  test('is the same step whatever order its input was built in', async () => {
    await journal.step(key, { suite: 'auth', gate: 800 }, async () => plain('first'));
    expect(await journal.step(key, { gate: 800, suite: 'auth' }, async () => plain('second'))).toBe('first');
  });

  test('that comes back with another input is a bug', async () => {
    await journal.step(key, { suite: 'auth' }, async () => plain(1));
    const other = journal.step(key, { suite: 'chat' }, async () => plain(2));
    await expect(other).rejects.toThrow(`step ${key} came back with another input`);
  });

  test('whose work failed is only intended, and is tried again', async () => {
    const failing = journal.step(key, null, async () => {
      throw new Error('the network is gone');
    });
    await expect(failing).rejects.toThrow('the network is gone');
    expect(await stored()).toMatchObject({ state: 'intended', tries: 1 });
    expect(await journal.step(key, null, async () => plain('there'))).toBe('there');
    expect(await stored()).toMatchObject({ state: 'done', tries: 2 });
  });

  test('whose stage was stopped meanwhile proves nothing', async () => {
    const half = journal.step(key, null, async () => {
      stopper.abort(new Error('interrupted'));
      return proven(sampleArtifact('half'), () => 'half of it');
    });
    await expect(half).rejects.toThrow('interrupted');
    expect(await stored()).toMatchObject({ state: 'intended', result: null });
    expect(await sample.store.evidence('run-a')).toEqual([]);
  });

  test('that says nothing was still done', async () => {
    await journal.step(key, null, async () => plain(null));
    expect(await journal.step(key, null, async () => plain('again'))).toBeNull();
  });
});

describe('an effect', () => {
  test('is intended, looked up, performed, and told between answer and row', async () => {
    expect(await journal.effect(key, null, world(null))).toBe('made');
    expect(calls).toEqual(['find', 'perform', 'answer']);
    expect(await stored()).toMatchObject({ state: 'done', result: 'made' });
  });

  test('that is there already is not performed', async () => {
    expect(await journal.effect(key, null, world('found'))).toBe('found');
    expect(calls).toEqual(['find', 'answer']);
  });

  test('that was done is not even looked up', async () => {
    await journal.effect(key, null, world(null));
    calls.length = 0;
    expect(await journal.effect(key, null, world(null))).toBe('made');
    expect(calls).toEqual([]);
  });

  test('is not begun by a run that lost its lock', async () => {
    await sample.store.releaseLease('local', 'token');
    await expect(journal.effect(key, null, world(null))).rejects.toThrow(LeaseLost);
    expect(calls).toEqual([]);
  });
});

describe('a process that is killed around an effect', () => {
  let program: ChildProgram;
  let folder: string;
  let outside: string;
  beforeAll(async () => {
    program = await childProgram(`
      import { appendFileSync, readFileSync } from 'node:fs';
      import { plain } from './ports/journal.ts';
      import { failpointFrom, withFailpoint } from './runtime/failpoint.ts';
      import { storeJournal } from './runtime/journal.ts';
      import { openRunStore } from './store/run-store.ts';
      const [file = '', outside = '', failpointText] = process.argv.slice(2);
      const failpoint = failpointFrom(failpointText);
      const store = withFailpoint(await openRunStore(file), failpoint);
      const journal = storeJournal({ store, run: 'run-a', lease: null, now: () => new Date(), signal: new AbortController().signal, afterAnswer: failpoint.afterAnswer });
      const result = await journal.effect('1/publishing/1/issue', { title: 'it broke' }, {
        find: async () => (readFileSync(outside, 'utf8').includes('issue') ? plain('found') : null),
        perform: async () => { appendFileSync(outside, 'issue\\n'); return plain('made'); },
      });
      console.log(result);
      await store.close();`);
  });
  afterAll(() => program.remove());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'loop-outside-'));
    outside = join(folder, 'issues.txt');
    writeFileSync(outside, '');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ['after the intent was written', 'write:1', 0, 'made'],
    ['between the answer and the row', 'answer:1', 1, 'found'],
    ['after the row was written', 'write:2', 1, 'made'],
  ])('%s has made it exactly once after the resume', async (_story, failpoint, madeBefore, result) => {
    const made = () => readFileSync(outside, 'utf8').split('\n').filter(Boolean).length;
    expect(await program.run([sample.file, outside, failpoint])).toEqual({ code: null, signal: 'SIGKILL', output: '' });
    expect(made()).toBe(madeBefore);
    expect(await program.run([sample.file, outside])).toEqual({ code: 0, signal: null, output: `${result}\n` });
    expect(made()).toBe(1);
    expect(await stored('1/publishing/1/issue')).toMatchObject({ state: 'done', result });
  });
});
