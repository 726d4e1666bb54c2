import { type ServerDuplexStream, status } from '@grpc/grpc-js';
import { z } from 'zod';
import { entryToWire } from './entry-wire.ts';
import { compileFilter, type EntryTest } from './filter.ts';
import { compareEntries, type LogEntry } from './log-entry.ts';
import type { LogStore } from './log-store.ts';
import { projectOf, projectsOf } from './resource-names.ts';

/** The API's own default and limit. */
const bufferMsDefault = 2000;
const bufferMsMax = 60_000;

const TailLogEntriesRequest = z.object({
  resourceNames: z.array(z.string()),
  filter: z.string(),
  bufferWindow: z.object({ seconds: z.string(), nanos: z.number() }).nullish(),
});

/** TailLogEntries: each request on the stream replaces the query; entries wait for the buffer window and leave sorted. */
export function tailLogEntries(store: LogStore, call: ServerDuplexStream<unknown, object>): void {
  let stop = () => {};
  const end = () => {
    stop();
    stop = () => {};
  };
  call.on('data', (message: unknown) => {
    end();
    const query = readQuery(message);
    if ('refused' in query) call.emit('error', { code: status.INVALID_ARGUMENT, details: query.refused });
    else
      stop = follow(store, query, (entries) => call.write({ entries: entries.map(entryToWire), suppressionInfo: [] }));
  });
  call.on('end', () => {
    end();
    call.end();
  });
  call.on('cancelled', end);
  call.on('close', end);
}

interface TailQuery {
  readonly projects: ReadonlySet<string>;
  readonly test: EntryTest;
  readonly bufferMs: number;
}

function readQuery(message: unknown): TailQuery | { refused: string } {
  const request = TailLogEntriesRequest.parse(message);
  const projects = projectsOf(request.resourceNames);
  if (!projects.ok) return { refused: projects.message };
  const test = compileFilter(request.filter);
  if (!test.ok) return { refused: test.message };
  const window = request.bufferWindow;
  const bufferMs = window == null ? bufferMsDefault : Number(window.seconds) * 1000 + window.nanos / 1e6;
  if (bufferMs > bufferMsMax || bufferMs < 0) return { refused: 'buffer_window must be between 0s and 60s.' };
  return { projects: projects.value, test: test.value, bufferMs };
}

function follow(store: LogStore, query: TailQuery, tell: (entries: LogEntry[]) => void): () => void {
  let waiting: LogEntry[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    timer = undefined;
    tell(waiting.sort(compareEntries));
    waiting = [];
  };
  const unlisten = store.listen((entry) => {
    if (!query.projects.has(projectOf(entry.logName)) || !query.test(entry)) return;
    waiting.push(entry);
    timer ??= setTimeout(flush, query.bufferMs);
  });
  return () => {
    clearTimeout(timer);
    unlisten();
  };
}
