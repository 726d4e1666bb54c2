import type { ReportFailure } from '../../core/test-report.ts';
import { emptyRefusal, type Feed, piecesOf } from '../feed.ts';
import type { ReportLimits } from '../limits.ts';
import type { ProblemList } from '../problem-list.ts';
import { overLimit, Refusal } from '../refusal.ts';
import { makeTextFilter } from './text-filter.ts';
import { makeUtf8Bytes } from './utf8-bytes.ts';
import type { XmlEvents } from './xml-events.ts';
import { xmlFailure } from './xml-failure.ts';
import { makeXmlScanner } from './xml-scanner.ts';

/** Decodes, cleans and parses one XML document into `events`. No entity, file or address in it is ever followed. */
export function makeXmlFeed(events: XmlEvents, limits: ReportLimits, problems: ProblemList): Feed {
  const utf8 = makeUtf8Bytes(problems);
  const filter = makeTextFilter(problems);
  const scanner = makeXmlScanner(events, limits, (line) => problems.once(rawAngle(line + filter.linesCut())));
  let bytes = 0;
  const endLine = (): number => scanner.place().line + newlines(scanner.waiting());
  const parse = (text: Buffer): void => {
    const clean = filter.write(text, endLine);
    if (clean.length > 0) scanner.write(clean);
  };
  const guarded = (work: () => void, ended: boolean): ReportFailure | null => {
    try {
      work();
      return null;
    } catch (error) {
      const { line, column } = scanner.place();
      return failureOf(error, { line: line + filter.linesCut(), column }, ended, filter.lastText());
    }
  };
  const write = (chunk: Uint8Array): void => {
    bytes += chunk.length;
    if (bytes > limits.fileBytes) throw overLimit('bytes', limits.fileBytes, 'split the suite into several reports');
    for (const piece of piecesOf(chunk)) parse(utf8.write(piece));
  };
  const flush = (): void => {
    parse(utf8.end());
    if (!filter.sawText()) throw emptyRefusal(bytes);
  };
  return {
    write: (chunk) => guarded(() => write(chunk), false),
    end: () => guarded(flush, false) ?? guarded(() => scanner.close(), true),
  };
}

function newlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

/** Some runners forget to write `&lt;`. What stands in such quotes is told as it is; whether a failure is hidden in it, nobody knows. */
function rawAngle(line: number) {
  const message = 'a "<" stands in an attribute, which XML forbids; read as text: the reporter should write &lt;';
  return { code: 'raw-angle-bracket', weight: 'doubt', message, line } as const;
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
