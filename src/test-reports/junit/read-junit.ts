import type { ReportFailure, TestCase } from '../../core/test-report.ts';
import { makeXmlDecoding, type TextDecoding } from '../decode.ts';
import { defaultLimits, type ReportLimits } from '../limits.ts';
import { makeProblemList, type ProblemList } from '../problem-list.ts';
import { overLimit, Refusal } from '../refusal.ts';
import type { ReadOptions, ReportResult } from '../report-format.ts';
import { makePlacing } from '../report-paths.ts';
import { makeTextFilter } from '../text-filter.ts';
import { type JUnitEvents, makeJUnitEvents } from './report-events.ts';
import { xmlFailure } from './xml-failure.ts';
import { makeXmlParser } from './xml-parser.ts';

const pieceBytes = 64 * 1024;

/** Reads one JUnit XML report; see `ReportFormat.read` for the contract. No entity, file or address in it is ever followed. */
export async function readJUnit(
  source: AsyncIterable<Uint8Array>,
  emit: (test: TestCase) => void,
  options: ReadOptions,
): Promise<ReportResult> {
  const limits = { ...defaultLimits, ...options.limits };
  const problems = makeProblemList(limits.problems);
  const events = makeJUnitEvents(emit, { root: options.root, place: makePlacing(options.root), limits, problems });
  const feed = makeFeed(events, limits, problems);
  let failure: ReportFailure | null = null;
  for await (const chunk of source) {
    options.signal?.throwIfAborted();
    failure = feed.write(chunk);
    if (failure !== null) break;
  }
  failure ??= feed.end();
  const facts = events.finish(failure === null);
  return failure === null ? { ok: true, ...facts } : { ok: false, failure, ...facts };
}

interface Feed {
  write(chunk: Uint8Array): ReportFailure | null;
  end(): ReportFailure | null;
}

function makeFeed(events: JUnitEvents, limits: ReportLimits, problems: ProblemList): Feed {
  const decoding = makeXmlDecoding(problems);
  const filter = makeTextFilter(problems);
  const parser = makeXmlParser(events, limits);
  let bytes = 0;
  const parse = (text: string): void => {
    const clean = filter.write(text);
    if (clean === '') return;
    parser.write(clean);
    parser.checkToken();
  };
  const guarded = (work: () => void, ended: boolean): ReportFailure | null => {
    try {
      work();
      return null;
    } catch (error) {
      return failureOf(error, parser.place(filter.linesCut()), ended, filter.lastText());
    }
  };
  const write = (chunk: Uint8Array): void => {
    bytes += chunk.length;
    if (bytes > limits.fileBytes) throw overLimit('bytes', limits.fileBytes, 'split the suite into several reports');
    for (let from = 0; from < chunk.length; from += pieceBytes) parse(decodePiece(decoding, chunk, from));
  };
  const flush = (): void => {
    parse(decoding.end());
    if (!filter.sawText()) throw emptyRefusal(bytes);
  };
  return {
    write: (chunk) => guarded(() => write(chunk), false),
    end: () => guarded(flush, false) ?? guarded(() => parser.close(), true),
  };
}

function decodePiece(decoding: TextDecoding, chunk: Uint8Array, from: number): string {
  return decoding.write(chunk.subarray(from, from + pieceBytes));
}

function emptyRefusal(bytes: number): Refusal {
  const hint = 'the runner was stopped before it wrote its report, or wrote it elsewhere';
  return new Refusal({
    reason: 'empty',
    message: bytes === 0 ? 'the report has 0 bytes' : 'the report is blank',
    hint,
  });
}

function failureOf(
  error: unknown,
  place: { line: number; column: number },
  ended: boolean,
  text: string,
): ReportFailure {
  if (error instanceof Refusal) return { ...place, ...error.failure };
  if (error instanceof Error && /^\d+:\d+: /.test(error.message)) return xmlFailure(error.message, place, ended, text);
  throw error;
}
