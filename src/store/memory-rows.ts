import type { Kysely } from 'kysely';
import type { Cause, RunState } from '../core/record.ts';
import type { FixOutcome, Verdict } from '../core/words.ts';
import type { Memory } from '../ports/memory.ts';
import { historyRows } from './history-rows.ts';
import type { Tables } from './tables.ts';

/** What outlives runs, for one environment. */
export function memoryRows(db: Kysely<Tables>, environment: string, exceptRun: string): Memory {
  return {
    history: historyRows(db, environment, exceptRun),
    async goodRevision(service) {
      const row = await db
        .selectFrom('good_revisions')
        .selectAll()
        .where('environment', '=', environment)
        .where('service', '=', service)
        .orderBy('at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? { revision: row.revision, commit: row.commit_sha, run: row.run, at: row.at } : null;
    },
    async rememberGood({ service, revision, commit, run, at }) {
      await db
        .insertInto('good_revisions')
        .values({ environment, service, revision, commit_sha: commit, run, at })
        .onConflict((clash) => clash.columns(['environment', 'service', 'revision']).doUpdateSet({ run, at }))
        .execute();
    },
    async badRevision(service, revision) {
      const row = await db
        .selectFrom('bad_revisions')
        .select('because')
        .where('environment', '=', environment)
        .where('service', '=', service)
        .where('revision', '=', revision)
        .executeTakeFirst();
      return row?.because ?? null;
    },
    async rememberBad(row) {
      await db
        .insertInto('bad_revisions')
        .values({ environment, ...row })
        .onConflict((clash) => clash.doNothing())
        .execute();
    },
    async pinnedFromLatest(service) {
      const row = await db
        .selectFrom('pinned_services')
        .select('revision')
        .where('environment', '=', environment)
        .where('service', '=', service)
        .executeTakeFirst();
      return row?.revision ?? null;
    },
    async rememberPinned({ service, revision, run, at }) {
      await db
        .insertInto('pinned_services')
        .values({ environment, service, revision, run, at })
        .onConflict((clash) => clash.columns(['environment', 'service']).doUpdateSet({ revision, run, at }))
        .execute();
    },
    async forgetPinned(service) {
      await db
        .deleteFrom('pinned_services')
        .where('environment', '=', environment)
        .where('service', '=', service)
        .execute();
    },
    async runState(run) {
      const row = await db
        .selectFrom('runs')
        .select('state')
        .where('environment', '=', environment)
        .where('id', '=', run)
        .executeTakeFirst();
      return row ? (row.state as RunState) : null;
    },
    async fixAttempts(fingerprint) {
      const rows = await db
        .selectFrom('fix_attempts')
        .selectAll()
        .where('environment', '=', environment)
        .where('fingerprint', '=', fingerprint)
        .orderBy('n')
        .execute();
      return rows.map((row) => ({
        fingerprint: row.fingerprint,
        n: row.n,
        run: row.run,
        outcome: row.outcome as FixOutcome,
        held: row.held === 1,
        commit: row.commit_sha,
        because: row.because,
      }));
    },
    async rememberFix({ fingerprint, n, run, outcome, held, commit, because }) {
      const row = { run, outcome, held: held ? 1 : 0, commit_sha: commit, because };
      await db
        .insertInto('fix_attempts')
        .values({ environment, fingerprint, n, ...row })
        .onConflict((clash) => clash.columns(['environment', 'fingerprint', 'n']).doUpdateSet(row))
        .execute();
    },
    async cause(fingerprint) {
      const row = await db
        .selectFrom('causes')
        .select('cause')
        .where('environment', '=', environment)
        .where('fingerprint', '=', fingerprint)
        .executeTakeFirst();
      return row ? (JSON.parse(row.cause) as Cause) : null;
    },
    async rememberCause(cause) {
      const text = JSON.stringify(cause);
      await db
        .insertInto('causes')
        .values({ environment, fingerprint: cause.fingerprint, cause: text })
        .onConflict((clash) => clash.columns(['environment', 'fingerprint']).doUpdateSet({ cause: text }))
        .execute();
    },
    async lastRuns(pipeline, limit) {
      const rows = await db
        .selectFrom('runs')
        .select(['id', 'verdict', 'ended_at'])
        .where('environment', '=', environment)
        .where('pipeline', '=', pipeline)
        .where('id', '!=', exceptRun)
        .orderBy('started_at', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ run: row.id, verdict: row.verdict as Verdict | null, endedAt: row.ended_at }));
    },
  };
}
