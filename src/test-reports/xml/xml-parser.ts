import { SaxesParser } from 'saxes';
import type { ReportLimits } from '../limits.ts';
import { overLimit, Refusal } from '../refusal.ts';
import type { XmlEvents } from './xml-events.ts';

/** What goes wrong is thrown: a `Refusal`, or the parser's own error with `line:column: ` in front. */
export interface XmlParser {
  write(text: string): void;
  /** Refuses once a piece of text, a tag or a comment has grown over the limit without an end. */
  checkToken(): void;
  close(): void;
  place(linesCut: number): { line: number; column: number };
}

/**
 * Seven listeners and no more: each is a property of the parser, and from the eighth on V8 keeps the parser as a dictionary,
 * which makes it four times slower.
 */
export function makeXmlParser(events: XmlEvents, limits: ReportLimits): XmlParser {
  const parser = new SaxesParser({ xmlns: false, fragment: false, position: true });
  let tokenStart = 0;
  let attributes = 0;
  parser.on('doctype', () => {
    const hint =
      'loop reads no document types, since they can pull in files and addresses; let the runner leave it out';
    throw new Refusal({ reason: 'doctype', message: 'the report has a DOCTYPE', hint });
  });
  parser.on('attribute', () => {
    attributes += 1;
    if (attributes <= limits.attributes) return;
    throw overLimit('attributes on one element', limits.attributes, 'this is no test report');
  });
  parser.on('opentag', (tag) => {
    tokenStart = parser.position;
    attributes = 0;
    events.open(tag.name, tag.attributes, parser.line);
  });
  parser.on('closetag', () => {
    tokenStart = parser.position;
    events.close();
  });
  const text = (value: string): void => {
    tokenStart = parser.position;
    events.text(value);
  };
  parser.on('text', text);
  parser.on('cdata', text);
  parser.on('comment', (value) => {
    tokenStart = parser.position;
    events.comment(value);
  });
  return {
    write: (value) => void parser.write(value),
    checkToken: () => {
      if (parser.position - tokenStart <= limits.tokenChars) return;
      throw overLimit(
        'characters in one piece of text',
        limits.tokenChars,
        'let the runner keep long output out of its report',
      );
    },
    close: () => void parser.close(),
    place: (linesCut) => ({ line: parser.line + linesCut, column: parser.column }),
  };
}
