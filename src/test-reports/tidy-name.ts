import { createHash } from 'node:crypto';
import { stripVTControlCharacters } from 'node:util';
import { own } from './capture.ts';

/** A name without terminal colours; one that is too long keeps its beginning and ends in a hash of the whole. */
export function tidyName(name: string, charsMax: number): string {
  const plain = withoutColours(name);
  if (plain.length <= charsMax) return own(plain);
  return `${plain.slice(0, charsMax)}…${createHash('sha256').update(plain).digest('hex').slice(0, 12)}`;
}

/** In XML the escape character itself has become U+FFFD before. */
export function withoutColours(text: string): string {
  return text.includes('\uFFFD[') ? text.replace(/\uFFFD\[[0-9;]*[A-Za-z]/g, '') : text;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not reach a terminal or a page.
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text of a format that may hold anything: no colours, CRLF as LF, other control characters as U+FFFD. */
export function plainText(text: string): string {
  if (text.search(controls) === -1) return text;
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n').replace(controls, '\uFFFD');
}
