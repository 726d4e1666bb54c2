import { codeSpan, inlineText } from '../../core/markdown-text.ts';
import type { RunRecord } from '../../core/record.ts';
import { utcTime } from '../facts/instant.ts';
import type { Cite } from './citations.ts';
import { markdownTable } from './markdown-table.ts';
import { prose } from './prose.ts';

/** Every stored artefact. The whole hashes are in run.json; the start of a hash is enough to tell two apart. */
export function evidence(record: RunRecord, cite: Cite): string {
  if (record.evidence.length === 0) return 'No evidence is stored.';
  const head = ['id', 'kind', 'time', 'SHA-256', 'source', 'excerpt'];
  const rows = record.evidence.map((one) => [
    cite([one.id]),
    inlineText(one.kind),
    utcTime(one.at),
    codeSpan(one.sha256.slice(0, 12)),
    prose(one.source),
    one.excerpt === '' ? '' : codeSpan(one.excerpt, 120),
  ]);
  return markdownTable(head, rows);
}
