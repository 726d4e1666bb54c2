import type { ReportFailure } from '../../core/test-report.ts';
import { makeDecoding } from '../decode.ts';
import { emptyRefusal, type Feed, piecesOf } from '../feed.ts';
import type { ReportLimits } from '../limits.ts';
import type { ProblemList } from '../problem-list.ts';
import { overLimit, Refusal } from '../refusal.ts';
import { makeTextFilter } from './text-filter.ts';
import type { XmlEvents } from './xml-events.ts';
import { xmlFailure } from './xml-failure.ts';
import { makeXmlParser } from './xml-parser.ts';

/** Decodes, cleans and parses one XML document into `events`. No entity, file or address in it is ever followed. */
export function makeXmlFeed(events: XmlEvents, limits: ReportLimits, problems: ProblemList): Feed {
  const decoding = makeDecoding(problems);
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
    for (const piece of piecesOf(chunk)) parse(decoding.write(piece));
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
