import { codeSpan, inlineText } from '../../core/markdown-text.ts';
import { cut } from '../../core/visible-text.ts';

const charsMax = 900;

/**
 * A sentence of running text, made inert. Commits, revisions, paths and identifiers in it become code,
 * so that they can be read and copied; everything else goes through `inlineText`.
 */
export function prose(text: string): string {
  const kept = cut(text.trim().replace(/\s*[\r\n]+\s*/g, ' ⏎ '), charsMax);
  const parts: string[] = [];
  let from = 0;
  for (const match of kept.text.matchAll(/[A-Za-z0-9/][\w./:@-]*/g)) {
    const token = withoutStop(match[0]);
    if (!looksLikeCode(token)) continue;
    parts.push(inert(kept.text.slice(from, match.index)), codeSpan(token, charsMax));
    from = match.index + token.length;
  }
  return `${[...parts, inert(kept.text.slice(from))].join('')}${kept.mark}`;
}

/** What ends a sentence is not part of a word; the slash that ends an address is. */
function withoutStop(word: string): string {
  return word.includes('://') ? word.replace(/[.:@-]+$/, '') : word.replace(/[./:@-]+$/, '');
}

function looksLikeCode(token: string): boolean {
  const commit = /\b(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{7,64}\b/;
  const path = /\w\/[\w.-]*\.\w+(:\d+)?$/;
  const identifier = /[a-z0-9]_[a-z0-9]/i;
  return [commit, path, identifier].some((shape) => shape.test(token)) || token.includes('://');
}

/** `inlineText` trims; the spaces between the parts of a sentence must stay. */
function inert(text: string): string {
  if (text.trim() === '') return text === '' ? '' : ' ';
  const before = /^\s/.test(text) ? ' ' : '';
  const after = /\s$/.test(text) ? ' ' : '';
  return `${before}${inlineText(text, charsMax)}${after}`;
}
