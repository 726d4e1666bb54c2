import type { LogQuery } from '../../ports/logs.ts';

/**
 * The query in Cloud Logging's language. Severity is no part of it: most lines carry none. All logs of the revisions match,
 * the platform's own messages (`varlog/system`) and the audit entries included.
 */
export function filterFor(query: LogQuery, project: string): string {
  const clauses = [
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name=(${query.services.map(quoted).join(' OR ')})`,
    `timestamp>=${quoted(query.from)}`,
    `timestamp<${quoted(query.to)}`,
  ];
  if (query.only !== undefined) clauses.push(`logName=${quoted(`projects/${project}/logs/${logs[query.only]}`)}`);
  if (query.revision !== undefined) clauses.push(`resource.labels.revision_name=${quoted(query.revision)}`);
  if (query.userAgent !== undefined) clauses.push(`httpRequest.userAgent:${quoted(query.userAgent)}`);
  return clauses.join(' AND ');
}

/** Of the auditor's logs the one that tells of changes; what only read (`data_access`) is off by default, and large where it is on. */
const logs: Readonly<Record<NonNullable<LogQuery['only']>, string>> = {
  requests: 'run.googleapis.com%2Frequests',
  audit: 'cloudaudit.googleapis.com%2Factivity',
};

/** Data stays inside its quotes, whatever it holds. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
