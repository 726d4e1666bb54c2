import type { ReportFailure, TestCase } from '../core/test-report.ts';
import { type CaseBook, makeCaseBook } from './case-book.ts';
import { makeDecoding } from './decode.ts';
import { drain, emptyRefusal, type Feed, piecesOf } from './feed.ts';
import { defaultLimits } from './limits.ts';
import { makeProblemList } from './problem-list.ts';
import { overLimit, Refusal } from './refusal.ts';
import type { ReadOptions, ReportFormat, ReportResult } from './report-format.ts';

/** Takes the characters of one report and fills the book. What cannot be read is thrown as a `Refusal`. */
export interface TextReader {
  write(text: string): void;
  end(): void;
  /** The report broke off: what is known to be red goes into the book, nothing else. */
  abandon?(): void;
  /** Where the reader stands, for refusals that do not say it themselves. */
  place?(): { line: number; column: number };
}

/** The `read` of a format whose bytes are text: decoding, limits and refusals are the same for all of them. */
export function textFormat(make: (book: CaseBook, options: ReadOptions) => TextReader): ReportFormat['read'] {
  return async (source, emit, options): Promise<ReportResult> => {
    const book = openBook(emit, options);
    const reader = make(book, options);
    const failure = await drain(source, makeTextFeed(reader, book), options.signal);
    if (failure !== null) reader.abandon?.();
    const facts = book.finish(failure === null);
    return failure === null ? { ok: true, ...facts } : { ok: false, failure, ...facts };
  };
}

export function openBook(emit: (test: TestCase) => void, options: ReadOptions): CaseBook {
  const limits = { ...defaultLimits, ...options.limits };
  return makeCaseBook(emit, { root: options.root, limits, problems: makeProblemList(limits.problems) });
}

function makeTextFeed(reader: TextReader, { limits, problems }: CaseBook): Feed {
  const decoding = makeDecoding(problems);
  let bytes = 0;
  let blank = true;
  const parse = (text: string): void => {
    if (text === '') return;
    blank &&= text.trim() === '';
    if (text.includes('\uFFFD')) problems.once(damaged);
    if (text.includes('\u0000')) problems.once(nul);
    reader.write(text);
  };
  const write = (chunk: Uint8Array): void => {
    bytes += chunk.length;
    if (bytes > limits.fileBytes) throw overLimit('bytes', limits.fileBytes, 'split the suite into several reports');
    for (const piece of piecesOf(chunk)) parse(decoding.write(piece));
  };
  const end = (): void => {
    parse(decoding.end());
    if (blank) throw emptyRefusal(bytes);
    reader.end();
  };
  return { write: (chunk) => guarded(() => write(chunk), reader), end: () => guarded(end, reader) };
}

function guarded(work: () => void, reader: TextReader): ReportFailure | null {
  try {
    work();
    return null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...reader.place?.(), ...error.failure };
  }
}

const damaged = {
  code: 'damaged-characters',
  weight: 'note',
  message: 'characters that were lost to a wrong encoding, shown as \uFFFD',
} as const;

const nul = {
  code: 'control-characters',
  weight: 'doubt',
  message: 'the report holds NUL characters: two encodings or two writers in one file',
} as const;
