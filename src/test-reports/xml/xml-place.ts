import { charsIn } from './xml-bytes.ts';

/** Counts lines of a text that passes by in a buffer whose beginning is thrown away now and then. */
export interface LineCount {
  /** The line of a place in the buffer; places must not go back. */
  line(bytes: Buffer, at: number): number;
  /** UTF-16 units before the place in its line. */
  column(bytes: Buffer, at: number): number;
  /** The first `count` bytes of the buffer are thrown away. */
  drop(bytes: Buffer, count: number): void;
}

export function makeLineCount(): LineCount {
  let lines = 1;
  let lineStart = 0;
  /** The first line feed that is not counted, or the end of what was searched for one. */
  let next = 0;
  let searched = 0;
  /** Of the current line, thrown away. */
  let charsBefore = 0;
  const line = (bytes: Buffer, at: number): number => {
    while (next < at) {
      if (next < searched) {
        lines += 1;
        lineStart = next + 1;
        charsBefore = 0;
      }
      const found = bytes.indexOf(10, next < searched ? next + 1 : searched);
      searched = bytes.length;
      next = found === -1 ? searched : found;
    }
    return lines;
  };
  const column = (bytes: Buffer, at: number): number => {
    line(bytes, at);
    return charsBefore + charsIn(bytes, lineStart, at);
  };
  const drop = (bytes: Buffer, count: number): void => {
    charsBefore = column(bytes, count);
    lineStart = 0;
    next -= count;
    searched -= count;
  };
  return { line, column, drop };
}
