import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSqlite } from './store/sqlite.ts';
import { ledgerOf, runLoop } from './testing/loop-process.ts';
import { smallProject } from './testing/small-project.ts';

/**
 * One run, killed with SIGKILL over and over: each life of the process ends right after its next journal write (or right after the
 * next answer of a remote, before our row of it), the next life resumes. The run must come to the verdict of an undisturbed one,
 * and the emulator must have counted exactly the same outside effects. Every write takes minutes: `LOOP_CRASH_EVERY=1` does it, and
 * `npm test` kills at every third one.
 */
const livesMax = 400;
const every = Number(process.env.LOOP_CRASH_EVERY ?? 3);
let seeded = '';
let undisturbed: Outcome;

beforeAll(async () => {
  seeded = smallProject();
  // `emulate` seeds repository and stable revision; every story starts from a copy of that folder.
  expect((await runLoop(seeded, ['emulate'])).exitCode).toBe(0);
  await runLoop(seeded, ['emulate', '--stop']);
  undisturbed = await story(async (folder) => {
    const run = await runLoop(folder, ['--focus', 'all', '--json']);
    expect(run.stderr + run.stdout).toContain('NO-GO');
    return 1;
  });
}, 120_000);

afterAll(() => rmSync(seeded, { recursive: true, force: true }));

test('an undisturbed run opens one issue and one pull request', () => {
  expect(undisturbed.verdict).toBe('NO-GO');
  expect(undisturbed.effects.filter((effect) => effect.includes('/issues'))).not.toHaveLength(0);
  expect(undisturbed.effects.filter((effect) => effect.endsWith('/pulls'))).toHaveLength(1);
});

test(`a run that is killed after every journal write, ${every} of them at a time`, { timeout: 900_000 }, async () => {
  const outcome = await story(async (folder) => {
    // The first write of a resumed life says that it runs again. What was intended is intended again, so the kill moves on by one
    // until something more is done.
    let [write, done] = [1, -1];
    return liveAgainAndAgain(folder, async () => {
      const now = await doneSteps(folder);
      write = now > done ? 1 + every : write + 1;
      done = now;
      return `write:${write}`;
    });
  });
  expect(outcome.lives).toBeGreaterThan(60 / every);
  expect({ ...outcome, lives: 0 }).toEqual({ ...undisturbed, lives: 0 });
});

test('a run that is killed between every answer and our row', { timeout: 600_000 }, async () => {
  // The first answer of a resumed life is the look-up of what the life before it did.
  const outcome = await story((folder) => liveAgainAndAgain(folder, async (life) => `answer:${life === 0 ? 1 : 2}`));
  expect(outcome.lives).toBeGreaterThan(4);
  expect({ ...outcome, lives: 0 }).toEqual({ ...undisturbed, lives: 0 });
});

interface Outcome {
  readonly verdict: string;
  readonly exitCode: number;
  /** Every change that the emulator counted, in a form that does not depend on times or names of the run. */
  readonly effects: readonly string[];
  readonly lives: number;
}

async function story(live: (folder: string) => Promise<number>): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'loop-crash-'));
  cpSync(seeded, folder, { recursive: true, verbatimSymlinks: true });
  const before = ledgerOf(folder).length;
  try {
    const lives = await live(folder);
    process.stderr.write(`crash test: ${lives} lives of one run\n`);
    const record = JSON.parse((await runLoop(folder, ['show', 'last', '--json'])).stdout);
    const effects = ledgerOf(folder)
      .slice(before)
      .map((row) => `${row.api} ${row.method} ${row.path ?? ''}`);
    return { verdict: record.verdict.value, exitCode: record.run.exitCode, effects: effects.sort(), lives };
  } finally {
    await runLoop(folder, ['emulate', '--stop']);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lives until one of them ends by itself; answers how many there were. */
async function liveAgainAndAgain(folder: string, failpoint: (life: number) => Promise<string>): Promise<number> {
  for (let life = 0; life < livesMax; life += 1) {
    const begun = (await doneSteps(folder)) >= 0;
    // Killed right after the write that says "finished": then there is nothing to resume.
    if (begun && (await isFinished(folder))) return life;
    const end = await runLoop(folder, begun ? ['resume'] : ['--focus', 'all'], {
      LOOP_FAILPOINT: await failpoint(life),
    });
    if (end.signal !== 'SIGKILL') {
      expect(end.exitCode, end.stderr).toBe(1);
      return life + 1;
    }
  }
  throw new Error(`the run did not end in ${livesMax} lives`);
}

/** How much is done by the journal; -1 before there is a run. */
function doneSteps(folder: string): Promise<number> {
  return inStore(folder, async (db) => {
    const runs = await db.selectFrom('runs').select('id').execute();
    const steps = await db.selectFrom('steps').select('key').where('state', '=', 'done').execute();
    return runs.length === 0 ? -1 : steps.length;
  });
}

function isFinished(folder: string): Promise<boolean> {
  return inStore(folder, async (db) => {
    const [run] = await db.selectFrom('runs').select('state').orderBy('started_at', 'desc').limit(1).execute();
    return run?.state === 'finished';
  });
}

async function inStore<T>(
  folder: string,
  look: (db: Awaited<ReturnType<typeof openSqlite>>) => Promise<T>,
): Promise<T> {
  const db = await openSqlite(join(folder, '.loop', 'loop.db'));
  try {
    return await look(db);
  } finally {
    await db.destroy();
  }
}
