import type { ReportLimits } from '../limits.ts';
import { overLimit } from '../refusal.ts';
import type { XmlEvents } from './xml-events.ts';
import { makeXmlScanner } from './xml-scanner.ts';

/** What goes wrong is thrown: a `Refusal`, or the scanner's own error with `line:column: ` in front. */
export interface XmlParser {
  write(text: string): void;
  /** Refuses once a piece of text, a tag or a comment has grown over the limit without an end. */
  checkToken(): void;
  close(): void;
  place(linesCut: number): { line: number; column: number };
}

export function makeXmlParser(events: XmlEvents, limits: ReportLimits): XmlParser {
  const scanner = makeXmlScanner(events, limits.attributes);
  return {
    write: scanner.write,
    checkToken: () => {
      if (scanner.waiting() <= limits.tokenChars) return;
      throw overLimit(
        'characters in one piece of text',
        limits.tokenChars,
        'let the runner keep long output out of its report',
      );
    },
    close: scanner.close,
    place: (linesCut) => {
      const { line, column } = scanner.place();
      return { line: line + linesCut, column };
    },
  };
}
