import { terminalText } from '../core/markdown-text.ts';

/** Text from outside on one line of a terminal. */
export function terminalLine(text: string): string {
  return terminalText(text)
    .trim()
    .replace(/\s*\n\s*/g, ' ⏎ ')
    .replaceAll('\t', ' ');
}
