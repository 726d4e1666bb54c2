import type { Insertable, Selectable, Transaction } from 'kysely';
import type { LoopEventRecord } from '../core/events.ts';
import type { RunRecord, RunState } from '../core/record.ts';
import type { Verdict } from '../core/words.ts';
import { LeaseLost, type RunChange, type StoredRun } from '../ports/run-store.ts';
import type { Tables } from './tables.ts';

type Tx = Transaction<Tables>;

export function runRow(run: StoredRun): Insertable<Tables['runs']> {
  return {
    id: run.id,
    environment: run.environment,
    pipeline: run.pipeline,
    folder: run.folder,
    state: run.state,
    verdict: run.verdict,
    started_at: run.startedAt,
    ended_at: run.endedAt,
    budget_ms_left: run.budgetMsLeft,
    options: JSON.stringify(run.options),
    snapshot: JSON.stringify(run.snapshot),
    machine: run.machine,
    record: JSON.stringify(run.record),
    evidence_count: 0,
  };
}

export function storedRun(row: Selectable<Tables['runs']>): StoredRun {
  return {
    id: row.id,
    environment: row.environment,
    pipeline: row.pipeline,
    folder: row.folder,
    state: row.state as RunState,
    verdict: row.verdict as Verdict | null,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    budgetMsLeft: row.budget_ms_left,
    options: JSON.parse(row.options),
    snapshot: JSON.parse(row.snapshot),
    machine: row.machine,
    record: JSON.parse(row.record) as RunRecord,
  };
}

/** All that one change touches, inside its transaction. */
export async function applyChange(tx: Tx, change: RunChange): Promise<{ result: unknown; evidence: string[] }> {
  await checkLease(tx, change);
  const evidence = await storeEvidence(tx, change);
  const result = change.result?.(evidence) ?? null;
  if (change.step) await storeStep(tx, change, change.step, result);
  if (change.events) await storeEvents(tx, change, change.events.key, change.events.list);
  if (change.consumedDecision !== undefined) {
    await tx
      .updateTable('decisions')
      .set({ consumed_at: change.at })
      .where('id', '=', change.consumedDecision)
      .execute();
  }
  await updateRun(tx, change);
  return { result, evidence };
}

async function checkLease(tx: Tx, change: RunChange): Promise<void> {
  if (change.lease === null) return;
  const row = await tx.selectFrom('leases').select('run').where('token', '=', change.lease).executeTakeFirst();
  if (row?.run !== change.run)
    throw new LeaseLost(`run ${change.run} lost its lock: another loop works on this environment now`);
}

async function storeEvidence(tx: Tx, change: RunChange): Promise<string[]> {
  const artifacts = change.artifacts ?? [];
  if (artifacts.length === 0) return [];
  const { evidence_count: first } = await tx
    .selectFrom('runs')
    .select('evidence_count')
    .where('id', '=', change.run)
    .executeTakeFirstOrThrow();
  const rows = artifacts.map((artifact, index) => ({ run: change.run, n: first + index + 1, ...artifact }));
  await tx.insertInto('evidence').values(rows).execute();
  await tx
    .updateTable('runs')
    .set({ evidence_count: first + rows.length })
    .where('id', '=', change.run)
    .execute();
  return rows.map((row) => `E${row.n}`);
}

async function storeStep(
  tx: Tx,
  change: RunChange,
  step: NonNullable<RunChange['step']>,
  result: unknown,
): Promise<void> {
  const row = { state: step.state, result: result === null ? null : JSON.stringify(result), at: change.at };
  await tx
    .insertInto('steps')
    .values({ run: change.run, key: step.key, input_sha256: step.inputSha256, tries: 1, ...row })
    .onConflict((clash) =>
      clash.columns(['run', 'key']).doUpdateSet((was) => ({
        ...row,
        tries: step.state === 'intended' ? was('steps.tries', '+', 1) : was.ref('steps.tries'),
      })),
    )
    .execute();
}

async function storeEvents(tx: Tx, change: RunChange, key: string, list: readonly LoopEventRecord[]): Promise<void> {
  if (list.length === 0) return;
  const rows = list.map((event, seq) => ({ run: change.run, key, seq, at: change.at, event: JSON.stringify(event) }));
  await tx
    .insertInto('events')
    .values(rows)
    .onConflict((clash) => clash.doNothing())
    .execute();
}

async function updateRun(tx: Tx, change: RunChange): Promise<void> {
  const set: Partial<Insertable<Tables['runs']>> = {};
  if (change.snapshot !== undefined) set.snapshot = JSON.stringify(change.snapshot);
  if (change.record !== undefined) set.record = JSON.stringify(change.record);
  if (change.state !== undefined) set.state = change.state;
  if (change.verdict !== undefined) set.verdict = change.verdict;
  if (change.endedAt !== undefined) set.ended_at = change.endedAt;
  if (change.budgetMsLeft !== undefined) set.budget_ms_left = Math.round(change.budgetMsLeft);
  if (Object.keys(set).length === 0) return;
  await tx.updateTable('runs').set(set).where('id', '=', change.run).execute();
}
