import { z } from 'zod';
import { type Answer, answer, refuse } from '../answer.ts';
import { entryToWire } from './entry-wire.ts';
import { compileFilter } from './filter.ts';
import type { LogEntry } from './log-entry.ts';
import type { LogStore } from './log-store.ts';
import { pageToken, readPageToken } from './page-token.ts';
import { projectOf, projectsOf } from './resource-names.ts';

const pageSizeDefault = 50;
const pageSizeMax = 1000;

const ListLogEntriesRequest = z.object({
  resourceNames: z.array(z.string()),
  filter: z.string(),
  orderBy: z.string(),
  pageSize: z.number(),
  pageToken: z.string(),
});

/** ListLogEntries over gRPC. */
export function listLogEntries(store: LogStore, message: unknown): Answer<object> {
  const found = findEntries(store, message);
  return found.ok ? answer({ ...found.value, entries: found.value.entries.map(entryToWire) }) : found;
}

/**
 * One page in the API's JSON shape. The filter is judged before anything is read, and a next page is promised only when there
 * is one.
 */
export function findEntries(
  store: LogStore,
  message: unknown,
): Answer<{ entries: readonly LogEntry[]; nextPageToken: string }> {
  const request = ListLogEntriesRequest.parse(message);
  const projects = projectsOf(request.resourceNames);
  if (!projects.ok) return projects;
  const order = orderOf(request.orderBy);
  if (order === null) return refuse('INVALID_ARGUMENT', `Invalid order_by '${request.orderBy}'.`);
  const test = compileFilter(request.filter);
  if (!test.ok) return refuse('INVALID_ARGUMENT', test.message);
  if (request.pageSize < 0) return refuse('INVALID_ARGUMENT', 'page_size must not be negative.');
  const query = [request.resourceNames, request.filter, order];
  const from = request.pageToken === '' ? undefined : readPageToken(query, request.pageToken);
  if (from === null) {
    return refuse('INVALID_ARGUMENT', "page_token doesn't match arguments from the request, or is malformed.");
  }
  const size = Math.min(request.pageSize || pageSizeDefault, pageSizeMax);
  const found: LogEntry[] = [];
  for (const entry of store.walk(order, from)) {
    if (projects.value.has(projectOf(entry.logName)) && test.value(entry)) found.push(entry);
    if (found.length > size) break;
  }
  const page = found.slice(0, size);
  const last = page.at(-1);
  const nextPageToken = found.length > size && last !== undefined ? pageToken(query, last) : '';
  return answer({ entries: page, nextPageToken });
}

function orderOf(text: string): 'asc' | 'desc' | null {
  if (text === '' || /^timestamp(\s+asc)?$/.test(text)) return 'asc';
  return /^timestamp\s+desc$/.test(text) ? 'desc' : null;
}

const ListLogsRequest = z.object({ parent: z.string(), resourceNames: z.array(z.string()), pageToken: z.string() });

/** ListLogs: the names of all logs that hold an entry, on one page. */
export function listLogs(store: LogStore, message: unknown): Answer<object> {
  const request = ListLogsRequest.parse(message);
  if (request.pageToken !== '') return refuse('INVALID_ARGUMENT', 'There is one page only.');
  const projects = projectsOf([...request.resourceNames, request.parent].filter((name) => name !== ''));
  if (!projects.ok) return projects;
  const names = new Set<string>();
  for (const { logName } of store.walk('asc')) if (projects.value.has(projectOf(logName))) names.add(logName);
  return answer({ logNames: [...names].sort(), nextPageToken: '' });
}
