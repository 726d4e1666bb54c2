import { inlineText } from '../../core/markdown-text.ts';
import type { RunRecord } from '../../core/record.ts';
import type { Cite } from './citations.ts';
import { markdownTable } from './markdown-table.ts';
import { prose } from './prose.ts';
import { nothing } from './section.ts';

export function health(record: RunRecord, cite: Cite): string {
  if (record.health.length === 0) return nothing(record, 'checkingHealth', 'No health check is declared.');
  const head = ['service', 'role', 'target', 'healthy', 'status', 'p50', 'p95', 'n', 'evidence', 'because'];
  const rows = record.health.map((one) => [
    inlineText(one.service),
    one.role,
    inlineText(one.target),
    one.ok ? 'yes' : '**no**',
    one.status === null ? '-' : String(one.status),
    one.latencyMs === null ? '-' : `${Math.round(one.latencyMs.p50)} ms`,
    one.latencyMs === null ? '-' : `${Math.round(one.latencyMs.p95)} ms`,
    one.latencyMs === null ? '-' : String(one.latencyMs.n),
    cite(one.evidence),
    prose(one.because),
  ]);
  return markdownTable(head, rows);
}
