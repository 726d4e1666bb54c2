import { hostname } from 'node:os';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LeaseLost, type RunStore } from '../ports/run-store.ts';
import { type ChildProgram, childProgram } from '../testing/child-program.ts';
import { openSampleStore, sampleAt, sampleRun } from '../testing/store-sample.ts';

const environment = 'local';
let sample: Awaited<ReturnType<typeof openSampleStore>>;
let store: RunStore;
let holder: ChildProgram | null = null;
beforeEach(async () => {
  sample = await openSampleStore();
  store = sample.store;
  for (const id of ['run-a', 'run-b']) await store.create(sampleRun(id), sampleAt);
});
afterEach(async () => {
  await sample.remove();
  holder?.remove();
  holder = null;
});

const take = (run: string, token: string, from = store) => from.takeLease({ environment, run, token, at: sampleAt });
const commit = (run: string, lease: string | null) => store.commit({ run, lease, at: sampleAt, state: 'running' });

describe('the lock of an environment', () => {
  test('is had by one run; the second one is told by whom and since when', async () => {
    expect(await take('run-a', 'token-a')).toEqual({ taken: true });
    const since = { run: 'run-a', pid: process.pid, host: hostname(), since: sampleAt };
    expect(await take('run-b', 'token-b', await sample.reopened())).toEqual({ taken: false, holder: since });
    const elsewhere = { environment: 'staging', run: 'run-b', token: 'token-b', at: sampleAt };
    expect(await store.takeLease(elsewhere)).toEqual({ taken: true });
  });

  test('is free again when it was let go, and only its holder can let it go', async () => {
    await take('run-a', 'token-a');
    await store.releaseLease(environment, 'token-b');
    expect(await take('run-b', 'token-b')).toMatchObject({ taken: false });
    await store.releaseLease(environment, 'token-a');
    expect(await take('run-b', 'token-b')).toEqual({ taken: true });
  });

  test('of a killed process is taken over', async () => {
    holder = await childProgram(`
      import { openRunStore } from './store/run-store.ts';
      const store = await openRunStore(process.argv[2] ?? '');
      console.log(JSON.stringify(await store.takeLease({ environment: 'local', run: 'run-a', token: 'child', at: '${sampleAt}' })));
      setInterval(() => {}, 1000);`);
    let whileAlive: unknown = null;
    const end = await holder.run([sample.file], (_line, child) => {
      take('run-b', 'token-b').then((answer) => {
        whileAlive = answer;
        child.kill('SIGKILL');
      });
    });
    expect(end).toMatchObject({ signal: 'SIGKILL', output: '{"taken":true}\n' });
    expect(whileAlive).toMatchObject({ taken: false, holder: { run: 'run-a' } });
    expect(await take('run-b', 'token-b')).toEqual({ taken: true });
  });

  test('of a process whose number another one has now is taken over', async () => {
    await take('run-a', 'token-a');
    await forge("update leases set process_start = '1'");
    expect(await take('run-b', 'token-b')).toEqual({ taken: true });
  });

  test('of another host is kept: nobody here can look at its process', async () => {
    await take('run-a', 'token-a');
    await forge("update leases set host = 'elsewhere', pid = 999999");
    expect(await take('run-b', 'token-b')).toMatchObject({ taken: false, holder: { host: 'elsewhere' } });
  });
});

describe('a run that lost its lock', () => {
  test('writes nothing any more', async () => {
    await take('run-a', 'token-a');
    await commit('run-a', 'token-a');
    await store.releaseLease(environment, 'token-a');
    await take('run-b', 'token-b');
    await expect(commit('run-a', 'token-a')).rejects.toThrow(LeaseLost);
    await expect(commit('run-a', 'token-b')).rejects.toThrow(LeaseLost);
    await commit('run-b', 'token-b');
  });

  test('does not keep people from deciding', async () => {
    await commit('run-a', null);
  });
});

/** Changes rows as no loop would. */
async function forge(statement: string): Promise<void> {
  const { sql } = await import('kysely');
  const { openSqlite } = await import('./sqlite.ts');
  const db = await openSqlite(sample.file);
  await sql.raw(statement).execute(db);
  await db.destroy();
}
