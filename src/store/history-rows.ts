import { type Kysely, sql, type Transaction } from 'kysely';
import type { History, HistoryOutcome, HistorySuite } from '../ports/history.ts';
import { pieceRows } from './piece-rows.ts';
import { knownTests, latest } from './suite-past-rows.ts';
import type { Tables } from './tables.ts';

/** Of one suite, so many results of each test are kept at most, the newest ones: rates and rows of passes look at fewer. */
export const suiteRunsKept = 200;

/** SQLite takes a limited number of values in one statement. */
const rowsPerInsert = 500;
/** A database that an older loop let grow is brought down night by night. */
const prunedAtOnce = 20;

/** The results of single tests, for one environment. Reads leave the run that asks out. */
export function historyRows(db: Kysely<Tables>, environment: string, exceptRun: string): History {
  return {
    ...pieceRows(db, environment),
    remember: (suite) => db.transaction().execute((tx) => store(tx, environment, suite)),
    async baseline(suite, selection) {
      const row = await db
        .selectFrom('suite_runs')
        .selectAll()
        .where('environment', '=', environment)
        .where('suite', '=', suite)
        .where('selection', '=', selection)
        .where('run', '!=', exceptRun)
        .orderBy('at', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (!row) return null;
      const tests = await db
        .selectFrom('test_results')
        .innerJoin('test_names', 'test_names.id', 'test_results.test')
        .select(['name', 'outcome', 'duration_ms'])
        .where('suite_run', '=', row.id)
        .execute();
      return {
        ...{ suite, selection, run: row.run, cycle: row.cycle, revision: row.revision, commit: row.commit_sha },
        verdict: row.verdict as HistorySuite['verdict'],
        at: row.at,
        narrowed: row.narrowed === 1,
        rules: rulesOf(row.rules),
        tests: tests.map((one) => ({ test: one.name, outcome: letter(one.outcome), durationMs: one.duration_ms })),
      };
    },
    async lastGood(suite) {
      const row = await db
        .selectFrom('suite_runs')
        .select(['id', 'run'])
        .where('environment', '=', environment)
        .where('suite', '=', suite)
        .where('verdict', '=', 'GO')
        .where('narrowed', '=', 0)
        .where('run', '!=', exceptRun)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (!row) return null;
      const { tests } = await db
        .selectFrom('test_results')
        .select((of) => of.fn.countAll<number>().as('tests'))
        .where('suite_run', '=', row.id)
        .executeTakeFirstOrThrow();
      return { run: row.run, tests: Number(tests) };
    },
    latest: (suite) => latest(db, environment, suite, exceptRun),
    knownTests: (suite, suiteRuns, limit) => knownTests(db, environment, suite, { exceptRun, suiteRuns, limit }),
    async everPassed(suite, test) {
      const row = await db
        .selectFrom('test_names')
        .innerJoin('test_results', 'test_results.test', 'test_names.id')
        .innerJoin('suite_runs', 'suite_runs.id', 'test_results.suite_run')
        .select('outcome')
        .where('test_names.suite', '=', suite)
        .where('name', '=', test)
        .where('environment', '=', environment)
        .where('run', '!=', exceptRun)
        .where('outcome', '=', code('P'))
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    async outcomes(suite, test, limit) {
      const rows = await db
        .selectFrom('test_names')
        .innerJoin('test_results', 'test_results.test', 'test_names.id')
        .innerJoin('suite_runs', 'suite_runs.id', 'test_results.suite_run')
        .select('outcome')
        .where('test_names.suite', '=', suite)
        .where('name', '=', test)
        .where('environment', '=', environment)
        .where('run', '!=', exceptRun)
        .orderBy('suite_run', 'desc')
        .limit(limit)
        .execute();
      return rows
        .map((row) => letter(row.outcome))
        .reverse()
        .join('');
    },
    async rules(suite, limit) {
      const rows = await db
        .selectFrom('suite_runs')
        .select(['run', 'rules'])
        .where('environment', '=', environment)
        .where('suite', '=', suite)
        .where('run', '!=', exceptRun)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ run, rules }) => ({ run, rules: rulesOf(rules) }));
    },
    async results({ suite, test, limit }) {
      const names = await db
        .selectFrom('test_names')
        .select(['id', 'suite', 'name'])
        .$if(suite !== null, (query) => query.where('suite', '=', suite ?? ''))
        .$if(test !== null, (query) => query.where(sql<boolean>`instr(lower(name), ${(test ?? '').toLowerCase()}) > 0`))
        .orderBy('suite')
        .orderBy('name')
        .execute();
      const found = [];
      for (const name of names) {
        const rows = await db
          .selectFrom('test_results')
          .innerJoin('suite_runs', 'suite_runs.id', 'test_results.suite_run')
          .select(['outcome', 'duration_ms', 'run', 'revision', 'at'])
          .where('test', '=', name.id)
          .where('environment', '=', environment)
          .where('run', '!=', exceptRun)
          .orderBy('suite_run', 'desc')
          .limit(limit)
          .execute();
        for (const { outcome, duration_ms, run, revision, at } of rows)
          found.push({
            ...{ suite: name.suite, test: name.name, outcome: letter(outcome), durationMs: duration_ms },
            ...{ run, revision, at },
          });
      }
      return found;
    },
  };
}

async function store(tx: Transaction<Tables>, environment: string, suite: HistorySuite): Promise<void> {
  const { run, cycle, selection, revision, verdict, at } = suite;
  const row = {
    environment,
    suite: suite.suite,
    selection,
    run,
    cycle,
    revision,
    commit_sha: suite.commit,
    verdict,
    at,
    rules: JSON.stringify(suite.rules),
    narrowed: suite.narrowed ? 1 : 0,
  };
  const stored = await tx
    .insertInto('suite_runs')
    .values(row)
    .onConflict((clash) => clash.doNothing())
    .returning('id')
    .executeTakeFirst();
  // A resumed run stores nothing twice.
  if (!stored) return;
  for (let from = 0; from < suite.tests.length; from += rowsPerInsert) {
    const tests = suite.tests.slice(from, from + rowsPerInsert);
    await tx
      .insertInto('test_names')
      .values(tests.map(({ test }) => ({ suite: suite.suite, name: test })))
      .onConflict((clash) => clash.doNothing())
      .execute();
    const ids = new Map<string, number>();
    const names = tests.map(({ test }) => test);
    const known = await tx
      .selectFrom('test_names')
      .select(['id', 'name'])
      .where('suite', '=', suite.suite)
      .where('name', 'in', names)
      .execute();
    for (const { id, name } of known) ids.set(name, id);
    const results = tests.map(({ test, outcome, durationMs }) => ({
      suite_run: stored.id,
      test: ids.get(test) ?? 0,
      outcome: code(outcome),
      duration_ms: durationMs === null ? null : Math.round(durationMs),
    }));
    await tx.insertInto('test_results').values(results).execute();
  }
  await prune(tx, environment, suite.suite);
}

/** Bounded in the same transaction that adds: a night adds one row of a suite, so that it takes out one. */
async function prune(tx: Transaction<Tables>, environment: string, suite: string): Promise<void> {
  const ofSuite = tx.selectFrom('suite_runs').where('environment', '=', environment).where('suite', '=', suite);
  const last = await ofSuite.select('id').orderBy('id', 'desc').offset(suiteRunsKept).limit(1).executeTakeFirst();
  if (!last) return;
  const good = await ofSuite
    .select('id')
    .where('verdict', '=', 'GO')
    .where('narrowed', '=', 0)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  // The last good run is the suite's floor, however long ago it was.
  const old = await ofSuite
    .select('id')
    .where('id', '<=', last.id)
    .where('id', '!=', good?.id ?? 0)
    .orderBy('id')
    .limit(prunedAtOnce)
    .execute();
  const ids = old.map(({ id }) => id);
  if (ids.length === 0) return;
  await tx.deleteFrom('test_results').where('suite_run', 'in', ids).execute();
  await tx.deleteFrom('suite_runs').where('id', 'in', ids).execute();
}

function rulesOf(text: string | null): HistorySuite['rules'] {
  return text === null ? {} : (JSON.parse(text) as HistorySuite['rules']);
}

function code(outcome: HistoryOutcome): number {
  return outcome.charCodeAt(0);
}

function letter(code: number): HistoryOutcome {
  return String.fromCharCode(code) as HistoryOutcome;
}
