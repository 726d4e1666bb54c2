import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ChildProgram, childProgram } from '../testing/child-program.ts';
import { sampleAt, sampleRun } from '../testing/store-sample.ts';
import { NewerDatabase } from './migrations.ts';
import { openRunStore } from './run-store.ts';
import { openSqlite } from './sqlite.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loop-sqlite-'));
  file = join(folder, 'loop.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function ask<T>(statement: string): Promise<T[]> {
  const db = await openSqlite(file);
  try {
    return (await sql.raw<T>(statement).execute(db)).rows;
  } finally {
    await db.destroy();
  }
}

describe('opening the database', () => {
  test('makes a fresh one and runs each migration once, however often it is opened', async () => {
    const first = await ask<{ n: number; at: string }>('select n, at from migrations order by n');
    expect(first.map(({ n }) => n)).toEqual(first.map((_row, index) => index + 1));
    expect(await ask('select n, at from migrations order by n')).toEqual(first);
  });

  test('is safe against a power cut', async () => {
    expect(await ask('pragma journal_mode')).toEqual([{ journal_mode: 'wal' }]);
    expect(await ask('pragma synchronous')).toEqual([{ synchronous: 2 }]);
    expect(await ask('pragma foreign_keys')).toEqual([{ foreign_keys: 1 }]);
  });

  test('of a newer loop is refused, and left as it was', async () => {
    await ask(`insert into migrations (n, at) values (99, '${sampleAt}')`);
    await expect(openSqlite(file)).rejects.toThrow(NewerDatabase);
    await expect(openSqlite(file)).rejects.toThrow(
      /^the database is at migration 99, this loop knows \d+: use the newer loop/,
    );
  });

  test('that is none is refused, and left as it was', async () => {
    writeFileSync(file, 'environment: local\n'.repeat(100));
    await expect(openSqlite(file)).rejects.toThrow('file is not a database');
    expect(readFileSync(file, 'utf8')).toBe('environment: local\n'.repeat(100));
  });
});

describe('several processes', () => {
  let program: ChildProgram;
  beforeAll(async () => {
    program = await childProgram(`
      import { openRunStore } from './store/run-store.ts';
      const [file = '', run = '', commits, startAt] = process.argv.slice(2);
      while (Date.now() < Number(startAt));
      const store = await openRunStore(file);
      for (let n = 1; n <= Number(commits); n += 1) {
        const artifact = { kind: 'report', sha256: 'x', path: 'x', source: 'x', at: '${sampleAt}', excerpt: 'x' };
        const key = 'step/' + n;
        await store.commit({
          run, lease: null, at: '${sampleAt}', step: { key, state: 'done', inputSha256: 'x' }, artifacts: [artifact, artifact],
          result: (evidence) => ({ n, evidence }), snapshot: { n }, budgetMsLeft: n,
          events: { key, list: [{ type: 'note', stage: 'testing', what: String(n) }, { type: 'note', stage: 'testing', what: 'again' }] },
        });
        console.log(n);
      }
      await store.close();`);
  });
  afterAll(() => program.remove());

  async function makeRuns(...ids: string[]): Promise<void> {
    const store = await openRunStore(file);
    for (const id of ids) await store.create(sampleRun(id), sampleAt);
    await store.close();
  }

  test('may open a new database at the same moment', async () => {
    const startAt = String(Date.now() + 400);
    const ends = await Promise.all([1, 2, 3, 4].map(() => program.run([file, 'none', '0', startAt])));
    expect(ends).toEqual(ends.map(() => ({ code: 0, signal: null, output: '' })));
  });

  test('wait for each other and lose nothing', async () => {
    const runs = ['run-a', 'run-b', 'run-c'];
    await makeRuns(...runs);
    const startAt = String(Date.now() + 300);
    const ends = await Promise.all(runs.map((run) => program.run([file, run, '60', startAt])));
    expect(ends.map(({ code, output }) => [code, output.split('\n').length])).toEqual(runs.map(() => [0, 61]));
    expect(await ask('select run, count(*) as n, max(n) as last from evidence group by run order by run')).toEqual(
      runs.map((run) => ({ run, n: 120, last: 120 })),
    );
  });

  test.each([3, 17, 40])(
    'killed in the middle of commits, after %i of them: nothing torn, nothing lost',
    async (kills) => {
      await makeRuns('run-a');
      let told = 0;
      const end = await program.run([file, 'run-a', '100000', '0'], (line, child) => {
        told = Number(line);
        if (told === kills) child.kill('SIGKILL');
      });
      expect(end.signal).toBe('SIGKILL');
      const store = await openRunStore(file);
      const run = await store.read('run-a');
      const n = run?.budgetMsLeft ?? 0;
      const ids = [`E${2 * n - 1}`, `E${2 * n}`];
      expect(n).toBeGreaterThanOrEqual(told);
      expect(run?.snapshot).toEqual({ n });
      expect((await store.step('run-a', `step/${n}`))?.result).toEqual({ n, evidence: ids });
      expect(await store.step('run-a', `step/${n + 1}`)).toBeNull();
      expect([(await store.evidence('run-a')).length, (await store.events('run-a')).length]).toEqual([2 * n, 2 * n]);
      await store.close();
      expect(await ask('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    },
  );
});
