import type { LogQuery } from '../../ports/logs.ts';

/**
 * The query in Cloud Logging's language. Severity is no part of it: most lines carry none. All logs of the revisions match,
 * the platform's own messages (`varlog/system`) and the audit entries included.
 */
export function filterFor(query: LogQuery): string {
  const clauses = [
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name=(${query.services.map(quoted).join(' OR ')})`,
    `timestamp>=${quoted(query.from)}`,
    `timestamp<${quoted(query.to)}`,
  ];
  if (query.userAgent !== undefined) clauses.push(`httpRequest.userAgent:${quoted(query.userAgent)}`);
  return clauses.join(' AND ');
}

/** Data stays inside its quotes, whatever it holds. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
