import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely';
import { migrate } from './migrations.ts';
import type { Tables } from './tables.ts';

interface RawStatement {
  columns(): readonly unknown[];
  all(...values: unknown[]): unknown[];
  run(...values: unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  iterate(...values: unknown[]): IterableIterator<unknown>;
}
interface RawDatabase {
  exec(sql: string): void;
  prepare(sql: string): RawStatement;
  close(): void;
}
type RawConstructor = new (file: string) => RawDatabase;

/** Opens the embedded database, safe against a killed process and a power cut (WAL, full synchronous). */
export async function openSqlite(file: string): Promise<Kysely<Tables>> {
  mkdirSync(dirname(file), { recursive: true });
  const Database = await databaseClass();
  const raw = new Database(file);
  raw.exec('pragma busy_timeout=5000; pragma synchronous=full; pragma foreign_keys=on');
  await useWal(raw);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapted(raw) }) });
  await migrate(db as unknown as Kysely<never>);
  return db;
}

const walTriesMax = 100;
const walPauseMs = 50;

/** SQLite does not wait for a lock when it changes the journal's mode, so the first openers of a new file are asked again. */
async function useWal(raw: RawDatabase): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      raw.exec('pragma journal_mode=wal');
      return;
    } catch (error) {
      if (attempt === walTriesMax || !/database is locked/.test(String(error))) throw error;
      await sleep(walPauseMs);
    }
  }
}

/** Node's own SQLite where there is one (22 and later), a binding with the same interface on Node 20. */
async function databaseClass(): Promise<RawConstructor> {
  const withoutWarning = process.emitWarning;
  try {
    // Node says once that its SQLite is experimental; that sentence is not for the users of loop.
    process.emitWarning = () => {};
    return ((await import('node:sqlite' as string)) as { DatabaseSync: RawConstructor }).DatabaseSync;
  } catch {
    return (await import('@photostructure/sqlite')).DatabaseSync as unknown as RawConstructor;
  } finally {
    process.emitWarning = withoutWarning;
  }
}

/** Kysely's dialect asks for better-sqlite3's interface; statements are prepared once and kept. */
function adapted(raw: RawDatabase): SqliteDatabase {
  const kept = new Map<string, SqliteDatabase extends { prepare(sql: string): infer S } ? S : never>();
  return {
    close: () => raw.close(),
    prepare(text: string) {
      const known = kept.get(text);
      if (known) return known;
      // The write lock is taken at once: a transaction that reads first could not wait for another process's write.
      const statement = raw.prepare(text === 'begin' ? 'begin immediate' : text);
      const wrapped = {
        reader: statement.columns().length > 0,
        all: (values: readonly unknown[]) => statement.all(...values),
        run: (values: readonly unknown[]) => statement.run(...values),
        iterate: (values: readonly unknown[]) => statement.iterate(...values),
      };
      if (kept.size < 200) kept.set(text, wrapped);
      return wrapped;
    },
  };
}
