import { isAscii } from 'node:buffer';
import type { ProblemList } from '../problem-list.ts';
import { Refusal } from '../refusal.ts';
import { hasControls } from './xml-bytes.ts';

export interface TextFilter {
  /** `line`: that of the first byte. */
  write(bytes: Buffer, line: () => number): Buffer;
  sawText(): boolean;
  /** Blank lines that were taken away before the first character. */
  linesCut(): number;
  /** The latest text that was let through. */
  lastText(): string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML does not allow.
const disallowed = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
/** U+FFFD, U+FFFE and U+FFFF begin so, and a few that are seldom met. */
const lastOfPlane = Buffer.from([0xef, 0xbf]);

/**
 * Takes from UTF-8 what XML does not allow but runners write: control characters (NUL, terminal colours) become
 * U+FFFD, and blank lines before the first character go. A report with control characters is not well-formed, so it is a
 * doubt: its failures are worth reading, its passes prove nothing.
 */
export function makeTextFilter(problems: ProblemList): TextFilter {
  let started = false;
  let blank = false;
  let told = false;
  let linesCut = 0;
  let last: Buffer = Buffer.alloc(0);
  const start = (text: string): string => {
    const rest = text.replace(/^\uFEFF?\s+/, '');
    blank ||= rest.length < text.length;
    linesCut += newlines(text) - newlines(rest);
    started = rest !== '';
    if (started && blank) problems.once(leadingSpace);
    return rest;
  };
  const tellFirst = (text: string, firstLine: number): void => {
    const at = text.search(disallowed);
    if (at === -1) return;
    told = true;
    problems.once(controlCharacter(text[at] ?? '', firstLine + newlines(text.slice(0, at))));
  };
  const clean = (text: string, firstLine: number): Buffer => {
    if (text.includes(hole)) throw unwritten();
    if (text.includes('\uFFFD')) problems.once(damaged(firstLine));
    const begun = started ? text : start(text);
    // The place is told once: to count the lines before each of millions would take hours.
    if (!told) tellFirst(begun, firstLine + newlines(text) - newlines(begun));
    return Buffer.from(begun.replace(disallowed, '\uFFFD'));
  };
  const write = (bytes: Buffer, line: () => number): Buffer => {
    const plain = started && !hasControls(bytes) && (isAscii(bytes) || !bytes.includes(lastOfPlane));
    const passed = plain ? bytes : clean(bytes.toString('utf8'), linesCut + line());
    if (passed.length > 0) last = passed;
    return passed;
  };
  return { write, sawText: () => started, linesCut: () => linesCut, lastText: () => last.toString('utf8') };
}

/** What a file holds where nobody wrote: a disk that was full, a machine that stopped, a sparse file. */
const hole = '\u0000'.repeat(4096);

function unwritten(): Refusal {
  const message = `${hole.length} NUL characters in a row: a part of the file was never written`;
  return new Refusal({ reason: 'truncated', message, hint: 'look whether the disk was full, and run the suite again' });
}

const leadingSpace = {
  code: 'leading-space',
  weight: 'note',
  message: 'blank space before the report begins',
} as const;

function newlines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

function damaged(line: number) {
  const message = 'characters that were lost to a wrong encoding, shown as \uFFFD';
  return { code: 'damaged-characters', weight: 'note', message, line } as const;
}

function controlCharacter(found: string, line: number) {
  const code = found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  const message = `the control character U+${code} stands in the report, which XML forbids; run the tests without colours (NO_COLOR=1)`;
  return { code: 'control-characters', weight: 'doubt', message, line } as const;
}
