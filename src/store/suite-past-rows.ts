import type { Kysely } from 'kysely';
import type { SuitePast } from '../core/suite-order.ts';
import type { HistoryOutcome } from '../ports/history.ts';
import type { Tables } from './tables.ts';

const redLetters: readonly HistoryOutcome[] = ['F', 'E'];
const redCodes = redLetters.map((letter) => letter.charCodeAt(0));

export async function latest(
  db: Kysely<Tables>,
  environment: string,
  suite: string,
  exceptRun: string,
): Promise<SuitePast | null> {
  const row = await db
    .selectFrom('suite_runs')
    .select(['id', 'run', 'verdict', 'at'])
    .where('environment', '=', environment)
    .where('suite', '=', suite)
    .where('run', '!=', exceptRun)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  const red = await db
    .selectFrom('test_results')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('suite_run', '=', row.id)
    .where('outcome', 'in', redCodes)
    .executeTakeFirstOrThrow();
  return { run: row.run, verdict: row.verdict as SuitePast['verdict'], red: Number(red.count), at: row.at };
}

/** A test that no recent result holds was renamed or removed: it is not known any more. */
export async function knownTests(
  db: Kysely<Tables>,
  environment: string,
  suite: string,
  asked: { exceptRun: string; suiteRuns: number; limit: number },
): Promise<string[]> {
  const recent = await db
    .selectFrom('suite_runs')
    .select('id')
    .where('environment', '=', environment)
    .where('suite', '=', suite)
    .where('run', '!=', asked.exceptRun)
    .orderBy('id', 'desc')
    .limit(asked.suiteRuns)
    .execute();
  if (recent.length === 0) return [];
  const ids = recent.map(({ id }) => id);
  const rows = await db
    .selectFrom('test_names')
    .select('name')
    .where('suite', '=', suite)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('test_results')
          .select('test')
          .whereRef('test_results.test', '=', 'test_names.id')
          .where('suite_run', 'in', ids),
      ),
    )
    .orderBy('name')
    .limit(asked.limit)
    .execute();
  return rows.map(({ name }) => name);
}
