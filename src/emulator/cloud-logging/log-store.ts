import { closeSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from '../log.ts';
import { compareEntries, type LogEntry } from './log-entry.ts';

/** Older entries are forgotten, as a log bucket's retention does it. */
const entriesMax = 100_000;

/** All log entries: in memory in time order, and as NDJSON in a file that every entry reaches before it can be read. */
export class LogStore {
  readonly #file: string;
  readonly #log: Log;
  #closed = false;
  #handle: number;
  #entries: LogEntry[];
  readonly #listeners = new Set<(entry: LogEntry) => void>();

  constructor(file: string, log: Log) {
    this.#log = log;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    this.#file = file;
    this.#entries = readEntries(file);
    this.#rewrite();
    this.#handle = openSync(file, 'a', 0o600);
  }

  /** After `close` nothing is kept: what a stopping revision still says is not worth a crash. */
  append(entry: LogEntry): void {
    if (this.#closed) return;
    const at = this.#placeOf(entry);
    const before = this.#entries[at - 1];
    // The API keeps one of two entries that agree in both.
    if (before !== undefined && compareEntries(before, entry) === 0) return;
    this.#write(`${JSON.stringify(entry)}\n`);
    this.#entries.splice(at, 0, entry);
    for (const listener of this.#listeners) listener(entry);
    if (this.#entries.length > entriesMax * 1.1) this.#forget();
  }

  /** Entries after `from` (exclusive) in the order asked for. */
  *walk(order: 'asc' | 'desc', from?: Pick<LogEntry, 'timestamp' | 'insertId'>): Generator<LogEntry> {
    const entries = this.#entries;
    if (order === 'asc') {
      for (let at = from === undefined ? 0 : this.#placeOf(from); at < entries.length; at += 1)
        yield entries[at] as LogEntry;
      return;
    }
    let at = from === undefined ? entries.length - 1 : this.#placeOf(from) - 1;
    for (; at >= 0; at -= 1) {
      const entry = entries[at] as LogEntry;
      if (from === undefined || compareEntries(entry, from) < 0) yield entry;
    }
  }

  /** Tells every later entry; call the answer to stop. */
  listen(listener: (entry: LogEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    closeSync(this.#handle);
  }

  /** A full disk costs the entry its place in the file, not the emulator its life. */
  #write(line: string): void {
    try {
      writeSync(this.#handle, line);
    } catch (error) {
      this.#log.error({ file: this.#file, error: String(error) }, 'a log entry is not on disk');
    }
  }

  /** The index behind the last entry that is not later: new entries belong near the end, so the search is binary. */
  #placeOf(entry: Pick<LogEntry, 'timestamp' | 'insertId'>): number {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareEntries(this.#entries[middle] as LogEntry, entry) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #forget(): void {
    this.#entries = this.#entries.slice(-entriesMax);
    closeSync(this.#handle);
    this.#rewrite();
    this.#handle = openSync(this.#file, 'a', 0o600);
  }

  #rewrite(): void {
    const draft = `${this.#file}.tmp`;
    writeFileSync(draft, this.#entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''), { mode: 0o600 });
    renameSync(draft, this.#file);
  }
}

/** A line that a kill cut off is left out; the file is ours alone, so whole lines are entries. */
function readEntries(file: string): LogEntry[] {
  const entries: LogEntry[] = [];
  for (const line of readText(file).split('\n')) {
    try {
      if (line !== '') entries.push(JSON.parse(line) as LogEntry);
    } catch {
      // The last line of a killed process.
    }
  }
  return entries.sort(compareEntries).slice(-entriesMax);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
