import { codeSpan, inlineText } from '../../core/markdown-text.ts';
import type { Health, RunRecord } from '../../core/record.ts';
import type { Cite } from './citations.ts';
import { markdownTable } from './markdown-table.ts';
import { prose } from './prose.ts';
import { blocks, bullets, cited, nothing } from './section.ts';

/** The environment as it was measured: endpoints, then what they depend on, then every failure in full. */
export function health(record: RunRecord, cite: Cite): string {
  if (record.health.length === 0) return nothing(record, 'checkingHealth', 'No health check is declared.');
  const endpoints = record.health.filter((one) => one.dependency === null);
  const dependencies = record.health.filter((one) => one.dependency !== null);
  return blocks(
    endpoints.length > 0 && tableOf(columns(cite), endpoints),
    dependencies.length > 0 && `Dependencies:\n\n${tableOf(dependencyColumns(cite), dependencies)}`,
    bullets(...record.health.filter((one) => !one.ok).map((one) => failure(one, cite))),
  );
}

interface Column {
  readonly title: string;
  /** Null where this row has nothing of it; a column that nobody has is left out. */
  readonly cell: (one: Health) => string | null;
}

function columns(cite: Cite): Column[] {
  return [
    { title: 'service', cell: (one) => inlineText(one.service) },
    { title: 'role', cell: (one) => one.role },
    { title: 'endpoint', cell: (one) => inlineText(one.target) },
    { title: 'status', cell: (one) => (one.status === null ? null : String(one.status)) },
    { title: 'p50 / p95 (n)', cell: latency },
    { title: 'first', cell: (one) => (one.coldMs === null ? null : `${Math.round(one.coldMs)} ms`) },
    { title: 'TLS', cell: certificate },
    { title: 'version', cell: version },
    { title: 'up for', cell: uptime },
    { title: 'healthy', cell: verdict },
    { title: 'evidence', cell: (one) => cite(one.evidence) },
  ];
}

function dependencyColumns(cite: Cite): Column[] {
  return [
    { title: 'dependency', cell: (one) => inlineText(one.dependency ?? '') },
    { title: 'told by', cell: (one) => (one.service === one.dependency ? null : inlineText(one.service)) },
    { title: 'role', cell: (one) => (one.service === one.dependency ? null : one.role) },
    { title: 'asked', cell: (one) => inlineText(one.target) },
    { title: 'p50 / p95 (n)', cell: latency },
    { title: 'up', cell: verdict },
    { title: 'evidence', cell: (one) => cite(one.evidence) },
  ];
}

function tableOf(all: readonly Column[], rows: readonly Health[]): string {
  const used = all.filter(({ cell }) => rows.some((one) => cell(one) !== null));
  return markdownTable(
    used.map(({ title }) => title),
    rows.map((one) => used.map(({ cell }) => cell(one) ?? '-')),
  );
}

function latency({ latencyMs }: Health): string | null {
  return latencyMs && `${Math.round(latencyMs.p50)} / ${Math.round(latencyMs.p95)} ms (${latencyMs.n})`;
}

function certificate({ tls }: Health): string | null {
  return tls && `${inlineText(tls.name)}, ${tls.daysLeft} days left`;
}

function version({ version }: Health): string | null {
  if (version === null) return null;
  return version.matches ? codeSpan(version.told) : `**not** ${codeSpan(version.expected)}: ${codeSpan(version.told)}`;
}

/** By the service's own word, as it told it: services round it, so that no instant can be counted back from it. */
function uptime({ uptimeSeconds }: Health): string | null {
  return uptimeSeconds === null ? null : `${uptimeSeconds} s`;
}

function verdict({ ok }: Health): string {
  return ok ? 'yes' : '**no**';
}

function failure(one: Health, cite: Cite): string {
  const name =
    one.dependency === null || one.dependency === one.service
      ? one.service
      : `${one.dependency}, told by ${one.service}`;
  return cited(
    `**${inlineText(name)} (${one.role}), ${inlineText(one.target)}:** ${prose(one.because)}`,
    cite(one.evidence),
  );
}
