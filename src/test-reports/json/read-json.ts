import type { CaseBook } from '../case-book.ts';
import { type TextReader, textFormat } from '../read-text.ts';
import type { ReadOptions, ReportFormat } from '../report-format.ts';
import { type JsonPicker, pickJson } from './json-picker.ts';
import { makeJsonScanner } from './json-scanner.ts';

const depthMax = 200;

export interface JsonReader extends JsonPicker {
  /** The document was read to its end. */
  end?(): void;
  /** It broke off: what is known to be red goes into the book. */
  abandon?(): void;
}

/** The `read` of a format that is one JSON document. */
export function jsonFormat(make: (book: CaseBook, options: ReadOptions) => JsonReader): ReportFormat['read'] {
  return textFormat((book, options): TextReader => {
    const reader = make(book, options);
    const scanner = makeJsonScanner(pickJson(reader, book.problems), {
      depthMax,
      textCharsMax: book.limits.tokenChars,
    });
    return {
      write: scanner.write,
      place: scanner.place,
      end: () => {
        scanner.end();
        reader.end?.();
      },
      abandon: () => reader.abandon?.(),
    };
  });
}
