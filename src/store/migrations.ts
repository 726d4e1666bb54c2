import { type Kysely, sql } from 'kysely';

/** Numbered for good: a migration that has run anywhere is never edited, a new one is added below. */
const migrations: readonly { readonly n: number; readonly statements: readonly string[] }[] = [
  {
    n: 1,
    statements: [
      `create table runs (
        id text primary key, environment text not null, pipeline text not null, folder text not null, state text not null, verdict text,
        started_at text not null, ended_at text, budget_ms_left integer not null, options text not null, snapshot text not null,
        machine text not null, record text not null, evidence_count integer not null default 0)`,
      `create index runs_by_start on runs (started_at)`,
      `create table steps (
        run text not null references runs (id), key text not null, state text not null, input_sha256 text not null, tries integer not null,
        result text, at text not null, primary key (run, key))`,
      `create table events (
        id integer primary key autoincrement, run text not null references runs (id), key text not null, seq integer not null,
        at text not null, event text not null, unique (run, key, seq))`,
      `create table evidence (
        run text not null references runs (id), n integer not null, kind text not null, sha256 text not null, path text not null,
        source text not null, at text not null, excerpt text not null, primary key (run, n))`,
      `create table decisions (
        id integer primary key autoincrement, run text not null references runs (id), what text not null, at text not null, consumed_at text)`,
      `create table processes (
        run text not null references runs (id), pid integer not null, started_ticks text, at text not null, ended integer not null default 0)`,
      `create table leases (
        environment text primary key, token text not null, run text not null, pid integer not null, process_start text, host text not null,
        since text not null)`,
      `create table good_revisions (
        environment text not null, service text not null, revision text not null, commit_sha text, run text not null, at text not null,
        primary key (environment, service, revision))`,
      `create table bad_revisions (
        environment text not null, service text not null, revision text not null, run text not null, at text not null, because text not null,
        primary key (environment, service, revision))`,
      `create table causes (environment text not null, fingerprint text not null, cause text not null, primary key (environment, fingerprint))`,
      `create table fix_attempts (
        environment text not null, fingerprint text not null, n integer not null, run text not null, outcome text not null,
        held integer not null, commit_sha text, because text not null, primary key (environment, fingerprint, n))`,
    ],
  },
  {
    n: 2,
    statements: [
      `create table pinned_services (
        environment text not null, service text not null, revision text not null, run text not null, at text not null,
        primary key (environment, service))`,
    ],
  },
  {
    n: 3,
    statements: [
      `create table test_names (id integer primary key, suite text not null, name text not null, unique (suite, name))`,
      `create table suite_runs (
        id integer primary key, environment text not null, suite text not null, selection text not null, run text not null,
        cycle integer not null, revision text, commit_sha text, verdict text not null, at text not null,
        unique (run, cycle, suite))`,
      // The baseline: the newest row of a suite, a selection and an environment.
      `create index suite_runs_newest on suite_runs (environment, suite, selection, at)`,
      // A baseline reads one suite_run, the history of a test reads one test: a tree for each.
      `create table test_results (
        suite_run integer not null references suite_runs (id), test integer not null references test_names (id),
        outcome integer not null, duration_ms integer, primary key (suite_run, test)) without rowid`,
      `create index test_results_by_test on test_results (test, suite_run, outcome, duration_ms)`,
    ],
  },
  {
    n: 4,
    statements: [
      // Null where an older loop stored the row: it did not say what its rules found.
      `alter table suite_runs add column rules text`,
      `alter table suite_runs add column narrowed integer not null default 0`,
    ],
  },
  {
    n: 5,
    statements: [
      `create table suite_pieces (
         environment text not null, suite text not null, item text not null, duration_ms integer not null, at text not null,
         primary key (environment, suite, item)) without rowid`,
    ],
  },
];

/** Brings the database to the newest number. Throws when it was written by a newer `loop`. */
export async function migrate(db: Kysely<never>): Promise<void> {
  await sql`create table if not exists migrations (n integer primary key, at text not null)`.execute(db);
  const { rows } = await sql<{ n: number | null }>`select max(n) as n from migrations`.execute(db);
  const done = rows[0]?.n ?? 0;
  const newest = migrations.at(-1)?.n ?? 0;
  if (done > newest) throw new NewerDatabase(done, newest);
  for (const migration of migrations.filter(({ n }) => n > done)) {
    await db.transaction().execute(async (tx) => {
      // Another loop that opened the same new file may have been first.
      const known = await sql`select 1 from migrations where n = ${migration.n}`.execute(tx);
      if (known.rows.length > 0) return;
      for (const statement of migration.statements) await sql.raw(statement).execute(tx);
      await sql`insert into migrations (n, at) values (${migration.n}, ${new Date().toISOString()})`.execute(tx);
    });
  }
}

export class NewerDatabase extends Error {
  override readonly name = 'NewerDatabase';
  constructor(has: number, knows: number) {
    super(`the database is at migration ${has}, this loop knows ${knows}: use the newer loop that wrote it`);
  }
}
