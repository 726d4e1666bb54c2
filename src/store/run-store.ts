import { hostname } from 'node:os';
import type { Kysely } from 'kysely';
import type { LoopEventRecord } from '../core/events.ts';
import type { Decision, LeaseHolder, RunStore, StepRow } from '../ports/run-store.ts';
import { memoryRows } from './memory-rows.ts';
import { isAlive, processStart } from './process-identity.ts';
import { applyChange, runRow, storedRun } from './run-rows.ts';
import { openSqlite } from './sqlite.ts';
import type { Tables } from './tables.ts';

/** The store behind a `store:` setting such as `sqlite:.loop/loop.db`; `file` is absolute. */
export async function openRunStore(file: string): Promise<RunStore> {
  const db = await openSqlite(file);
  return { ...runs(db), ...steps(db), ...people(db), ...processes(db), ...leases(db), close: () => db.destroy() };
}

function runs(db: Kysely<Tables>): Pick<RunStore, 'create' | 'read' | 'list' | 'commit' | 'memory'> {
  return {
    async create(run) {
      await db.insertInto('runs').values(runRow(run)).execute();
    },
    async read(id) {
      const row = await db.selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? storedRun(row) : null;
    },
    async list(limit) {
      const rows = await db
        .selectFrom('runs')
        .selectAll()
        .orderBy('started_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(storedRun);
    },
    commit: (change) => db.transaction().execute((tx) => applyChange(tx, change)),
    memory: (environment, exceptRun) => memoryRows(db, environment, exceptRun),
  };
}

function steps(db: Kysely<Tables>): Pick<RunStore, 'step' | 'evidence' | 'events'> {
  return {
    async step(run, key) {
      const row = await db
        .selectFrom('steps')
        .selectAll()
        .where('run', '=', run)
        .where('key', '=', key)
        .executeTakeFirst();
      if (!row) return null;
      return {
        key,
        state: row.state as StepRow['state'],
        inputSha256: row.input_sha256,
        tries: row.tries,
        result: row.result === null ? null : JSON.parse(row.result),
      };
    },
    async evidence(run) {
      const rows = await db.selectFrom('evidence').selectAll().where('run', '=', run).orderBy('n').execute();
      return rows.map(({ n, kind, sha256, path, source, at, excerpt }) => ({
        id: `E${n}`,
        kind,
        sha256,
        path,
        source,
        at,
        excerpt,
      }));
    },
    async events(run) {
      const rows = await db
        .selectFrom('events')
        .select(['id', 'at', 'event'])
        .where('run', '=', run)
        .orderBy('id')
        .execute();
      return rows.map((row) => ({ id: row.id, at: row.at, event: JSON.parse(row.event) as LoopEventRecord }));
    },
  };
}

function people(db: Kysely<Tables>): Pick<RunStore, 'decide' | 'openDecisions'> {
  return {
    async decide(decision) {
      await db
        .insertInto('decisions')
        .values({ ...decision, consumed_at: null })
        .execute();
    },
    async openDecisions(run) {
      const rows = await db
        .selectFrom('decisions')
        .selectAll()
        .where('run', '=', run)
        .where('consumed_at', 'is', null)
        .orderBy('id')
        .execute();
      return rows.map((row) => ({ id: row.id, run: row.run, what: row.what as Decision['what'], at: row.at }));
    },
  };
}

function processes(db: Kysely<Tables>): Pick<RunStore, 'startedProcess' | 'openProcesses' | 'endedProcess'> {
  return {
    async startedProcess(run, group, at) {
      await db
        .insertInto('processes')
        .values({ run, pid: group.pid, started_ticks: group.startedAtTicks, at, ended: 0 })
        .execute();
    },
    async openProcesses(run) {
      const rows = await db.selectFrom('processes').selectAll().where('run', '=', run).where('ended', '=', 0).execute();
      return rows.map((row) => ({ pid: row.pid, startedAtTicks: row.started_ticks }));
    },
    async endedProcess(run, pid) {
      await db.updateTable('processes').set({ ended: 1 }).where('run', '=', run).where('pid', '=', pid).execute();
    },
  };
}

function leases(db: Kysely<Tables>): Pick<RunStore, 'takeLease' | 'releaseLease' | 'leaseHolder'> {
  return {
    takeLease: ({ environment, run, token, at }) =>
      db.transaction().execute(async (tx) => {
        const mine = {
          token,
          run,
          pid: process.pid,
          process_start: processStart(process.pid),
          host: hostname(),
          since: at,
        };
        // The write comes first so that two loops that start at once queue for it instead of both reading "free".
        await tx
          .insertInto('leases')
          .values({ environment, ...mine })
          .onConflict((clash) => clash.doNothing())
          .execute();
        const held = await tx
          .selectFrom('leases')
          .selectAll()
          .where('environment', '=', environment)
          .executeTakeFirstOrThrow();
        if (held.token === token) return { taken: true } as const;
        if (isHeld(held)) return { taken: false, holder: holderOf(held) } as const;
        await tx.updateTable('leases').set(mine).where('environment', '=', environment).execute();
        return { taken: true } as const;
      }),
    async releaseLease(environment, token) {
      await db.deleteFrom('leases').where('environment', '=', environment).where('token', '=', token).execute();
    },
    async leaseHolder(environment) {
      const held = await db.selectFrom('leases').selectAll().where('environment', '=', environment).executeTakeFirst();
      return held && isHeld(held) ? holderOf(held) : null;
    },
  };
}

/** A holder on another host cannot be looked at, so it keeps its lock until it lets go. */
function isHeld({ host, pid, process_start }: Tables['leases']): boolean {
  return host !== hostname() || isAlive(pid, process_start);
}

function holderOf({ run, pid, host, since }: Tables['leases']): LeaseHolder {
  return { run, pid, host, since };
}
