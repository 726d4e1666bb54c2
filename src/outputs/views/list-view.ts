import type { RunRecord } from '../../core/record.ts';
import { lasted, utcTime } from '../facts/instant.ts';
import { runReason, runStatus } from '../facts/run-status.ts';
import { textTable } from './text-table.ts';

/** `loop list`: one run a line, in the order that was given. */
export function listView(runs: readonly RunRecord[]): string {
  if (runs.length === 0) return 'No run yet. Start one with: loop --focus all\n';
  const head = ['RUN', 'STARTED', 'TOOK', 'ENVIRONMENT', 'FOCUS', 'STATUS', 'OUTCOME', 'REASON'];
  const rows = runs.map((record) => [
    record.run.id,
    utcTime(record.run.startedAt),
    lasted(record.run.startedAt, record.run.endedAt) ?? '-',
    record.run.environment,
    record.run.focus.join(' ') || 'all',
    `${runStatus(record)}${record.verdict?.thinBecause.length ? ' (thin)' : ''}`,
    record.run.outcome,
    runReason(record),
  ]);
  return `${textTable([head, ...rows])}\n`;
}
