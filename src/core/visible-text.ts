/**
 * Control, format (bidi, zero width, tags), line separator and lone surrogate characters: whatever a reader does not
 * see but a program obeys.
 */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Every unseen character as the escape that names it, such as `\u202e`; those in `kept` stay. */
export function withEscapes(text: string, kept = ''): string {
  return text.replace(unseen, (character) => (kept.includes(character) ? character : escapeOf(character)));
}

/** Without any unseen character but those in `kept`. */
export function withoutUnseen(text: string, kept = ''): string {
  return text.replace(unseen, (character) => (kept.includes(character) ? character : ''));
}

/** At most `charsMax` UTF-16 units of `text`, no pair torn, and a mark that says how much is gone. */
export function cut(text: string, charsMax: number): { readonly text: string; readonly mark: string } {
  if (text.length <= charsMax) return { text, mark: '' };
  const end = isHighSurrogate(text.charCodeAt(charsMax - 1)) ? charsMax - 1 : charsMax;
  return { text: text.slice(0, end), mark: `… (${text.length - end} more characters)` };
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16).padStart(4, '0');
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex}`;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
