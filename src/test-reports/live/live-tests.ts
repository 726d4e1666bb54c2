import { stripVTControlCharacters } from 'node:util';
import { dialects } from './dialects.ts';
import { type LiveBook, makeLiveBook } from './live-book.ts';
import type { LiveEvent, LiveLines } from './live-dialect.ts';

/** Reads one stream of a runner as it comes. Whatever comes, it never throws and holds no more than a long line. */
export interface LiveTests {
  /** `nowMs`: of one monotonic clock. */
  write(text: string, nowMs: number): void;
  /** Null until a line was recognised. */
  book(): LiveBook | null;
}

/** A line of JSON must be whole to be read; of any other the beginning tells enough. */
const jsonCharsMax = 16 * 1024 * 1024;
const lineCharsMax = 4_000;
/** Headings come before the first line that tells whose they are. */
const linesBeforeMax = 20;

export function liveTests(options: { readonly junit: boolean }): LiveTests {
  let waiting = '';
  let cut = false;
  let lines: LiveLines | null = null;
  let book: LiveBook | null = null;

  const before: string[] = [];
  const recognise = (line: string, nowMs: number): void => {
    const dialect = dialects.find(({ knows }) => knows(line));
    if (dialect === undefined) {
      before.push(line);
      if (before.length > linesBeforeMax) before.shift();
      return;
    }
    lines = dialect.open(options);
    book = makeLiveBook(dialect, nowMs);
    for (const earlier of before.splice(0)) note(lines.take(earlier), nowMs);
  };
  const note = (events: readonly LiveEvent[], nowMs: number): void => {
    for (const event of events) book?.take(event, nowMs);
  };
  const keep = (text: string): void => {
    if (cut) return;
    const max = (waiting === '' ? text : waiting).startsWith('{') ? jsonCharsMax : lineCharsMax;
    cut = waiting.length + text.length > max;
    waiting += text.slice(0, max - waiting.length);
  };
  const give = (nowMs: number): void => {
    const line = plainLine(waiting);
    waiting = '';
    cut = false;
    if (lines === null) recognise(line, nowMs);
    if (lines !== null) note(lines.take(line), nowMs);
  };
  return {
    write(text, nowMs) {
      let from = 0;
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
        keep(text.slice(from, at));
        give(nowMs);
        from = at + 1;
      }
      keep(text.slice(from));
      if (waiting !== '' && waiting.length < lineCharsMax && lines?.partial !== undefined)
        note(lines.partial(plainLine(waiting)), nowMs);
    },
    book: () => book,
  };
}

/** What a terminal would leave standing: the text behind the last carriage return, without colours. */
function plainLine(raw: string): string {
  const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
  const shown = line.startsWith('{') ? line : line.slice(line.lastIndexOf('\r') + 1);
  return shown.includes('\u001b') ? stripVTControlCharacters(shown) : shown;
}
