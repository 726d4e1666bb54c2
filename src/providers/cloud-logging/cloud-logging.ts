import { fail, type Result, succeed } from '../../core/result.ts';
import type { LogEntry, LogQuery, Logs } from '../../ports/logs.ts';
import type { GoogleApi, GoogleClients, LoggingClient } from '../google/clients.ts';
import { filterFor } from './filter.ts';

const pageSizeMax = 1_000;
/** A page may be empty and still be followed by another one; this many of them in one answer end it as truncated. */
const emptyPagesMax = 50;

/** Cloud Logging (API v2) as the place where logs are read. `redact` is applied to everything that a service wrote. */
export function cloudLogging(options: {
  readonly clients: Pick<GoogleClients, 'logging'>;
  readonly project: string;
  readonly redact: (text: string) => string;
}): Logs {
  return {
    read: async (query, signal) => {
      if (query.services.length === 0) return fail('usage', 'no service was named whose logs are to be read');
      const filter = filterFor(query, options.project);
      const read = await entriesUpTo(options, query, filter, signal);
      if (!read.ok) return read;
      const entries = read.value.entries.slice(0, query.entriesMax);
      return succeed({ filter, entries, truncated: read.value.more || entries.length < read.value.entries.length });
    },
  };
}

/** Reads on until one entry more than wanted is there: only that proves that the answer was cut. */
async function entriesUpTo(
  options: Parameters<typeof cloudLogging>[0],
  query: LogQuery,
  filter: string,
  signal: AbortSignal,
): Promise<Result<{ readonly entries: readonly LogEntry[]; readonly more: boolean }>> {
  // Its decoder is loaded with the client, at first use.
  const { logEntry } = await import('./log-entry.ts');
  const entries: LogEntry[] = [];
  const pageSize = Math.min(pageSizeMax, query.entriesMax + 1);
  let pageToken = '';
  for (let emptyPages = 0; emptyPages <= emptyPagesMax; ) {
    const page = await readPage(options.clients.logging, options.project, { filter, pageSize, pageToken }, signal);
    if (!page.ok) return page;
    for (const entry of page.value.entries) entries.push(logEntry(entry, options.redact));
    pageToken = page.value.next;
    if (pageToken === '' || entries.length > query.entriesMax) return succeed({ entries, more: false });
    if (page.value.entries.length === 0) emptyPages++;
  }
  return succeed({ entries, more: true });
}

function readPage(
  logging: GoogleApi<LoggingClient>,
  project: string,
  page: { readonly filter: string; readonly pageSize: number; readonly pageToken: string },
  signal: AbortSignal,
) {
  const request = { ...page, resourceNames: [`projects/${project}`], orderBy: 'timestamp asc' };
  return logging.call(
    {
      what: `read the logs of project ${project}`,
      role: 'roles/logging.viewer',
      kind: 'read',
      send: async (client, options) => {
        const [entries, , answer] = await client.listLogEntries(request, options);
        return { entries, next: answer.nextPageToken ?? '' };
      },
    },
    signal,
  );
}
