import { stripVTControlCharacters } from 'node:util';
import { cut, withEscapes, withoutUnseen } from './visible-text.ts';

/**
 * Text from logs, tests and commits, made inert for GitHub's Markdown, for our worklog and for a terminal.
 * Limits count UTF-16 units of the input; what is cut off is said. Nothing that a reader cannot see goes through:
 * control, bidi and zero-width characters come out as escapes.
 */

/** Splits a word for GitHub without a visible change; as an entity it is visible to whoever reads the source. */
const gap = '&#8203;';

/** One line of running text, also in a table's cell and at the start of a line: no markup, link, mention, reference or HTML. */
export function inlineText(text: string, charsMax = 300): string {
  const kept = cut(text.trim(), charsMax);
  return `${inertInline(oneLine(kept.text))}${kept.mark}`;
}

/**
 * One line as code. GitHub sees no mention or reference in code, but a pull request's text can become the squashed
 * commit's message, where code does not protect: closing keywords and CI directives are split by a visible dot.
 * A text with a pipe, which would end a table's cell, is written as `<code>`.
 */
export function codeSpan(text: string, charsMax = 200): string {
  const kept = cut(text.trim(), charsMax);
  const code = withoutDirectives(`${oneLine(kept.text)}${kept.mark}`);
  if (code === '') return '` `';
  if (code.includes('|')) return `<code>${inertInline(code)}</code>`;
  const fence = '`'.repeat(longestRun(code) + 1);
  const pad = code.startsWith('`') || code.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${code}${pad}${fence}`;
}

/** A block of code whose fence is longer than any run of backticks in it. `info` is reduced to a language's name. */
export function fenced(text: string, info = '', charsMax = 4000): string {
  const kept = cut(text.replace(/\r\n?/g, '\n'), charsMax);
  const body = withoutDirectives(withEscapes(kept.text, '\n\t')).replace(/\n$/, '');
  const fence = '`'.repeat(Math.max(3, longestRun(body) + 1));
  const lines = [
    `${fence}${info.replace(/[^\w+-]/g, '').slice(0, 20)}`,
    body,
    ...(kept.mark ? [kept.mark] : []),
    fence,
  ];
  return lines.join('\n');
}

/**
 * One line of plain text, for the title of an issue or pull request and the subject of a commit, where no Markdown helps:
 * references, mentions and directives are split by a visible dot. At most 41 characters longer than `charsMax`, whatever
 * had to be escaped, since GitHub refuses titles over 256.
 */
export function plainLine(text: string, charsMax = 200): string {
  const kept = cut(text.trim(), charsMax);
  const inert = withoutDirectives(oneLine(kept.text))
    .replace(/([#@])(?=[\p{L}\p{N}_])/gu, '$1·')
    .replace(/\b(GH-)(?=\d)/gi, '$1·')
    .replace(/:(?=\/\/)/g, ':·');
  const line = cut(`${inert}${kept.mark}`, charsMax + 40);
  return line.mark === '' ? line.text : `${line.text}…`;
}

/** For a terminal: no control sequence, no control or bidi character but line feed and tab, no CI workflow command. */
export function terminalText(text: string): string {
  const plain = withoutUnseen(stripVTControlCharacters(text.replace(/\r\n/g, '\n')), '\n\t');
  return plain.replace(/^([^\S\n]*:)(?=:)/gm, '$1 ').replace(/##(?=\[|vso\[)/g, '## ');
}

function oneLine(text: string): string {
  return withEscapes(text.replace(/[\t ]*(?:\r\n|\r|\n)\s*/g, ' ⏎ '), '\t').replaceAll('\t', ' ');
}

/** The reference rule comes before those that write a gap, which has a number sign of its own. */
function inertInline(text: string): string {
  return withoutTrailers(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*~|[\]$]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/^[#+=-]/, '\\$&')
    .replace(/^(\d{1,9})([.)])/, '$1\\$2')
    .replace(/#(?=[\p{L}\p{N}_])/gu, `#${gap}`)
    .replace(/@(?=[\p{L}\p{N}_])/gu, `@${gap}`)
    .replace(/\bGH-(?=\d)/gi, `$&${gap}`)
    .replace(/:(?=\/\/)/g, `:${gap}`)
    .replace(/\bwww(?=\.)/gi, `$&${gap}`)
    .replace(commitLike, `$&${gap}`);
}

/** The first six digits of what GitHub could take for a commit: 7 to 40 hex digits, letters and numbers mixed. */
const commitLike = /\b(?=[0-9a-f]{0,39}[a-f])(?=[0-9a-f]{0,39}\d)[0-9a-f]{6}(?=[0-9a-f]{1,34}\b)/gi;

/** What a commit's message or a marker look-up would obey even in code: `fixes #1`, `[skip ci]`, `<!-- loop:…`. */
function withoutDirectives(text: string): string {
  return withoutTrailers(text)
    .replace(
      /\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)(?=[\s:]{0,20}(?:#|GH-|https?:|[\w.-]{1,100}\/[\w.-]{1,100}#))/gi,
      '$1·',
    )
    .replace(/\[(?=(?:(?:skip|no)[ -](?:ci|actions?)|(?:ci|actions?)[ -]skip)\])/gi, '[·')
    .replace(/<!--/g, '<·!--');
}

function withoutTrailers(text: string): string {
  return text.replace(
    /^([\t >]*)(skip-checks|co-authored-by|signed-off-by|release-as|breaking[ -]change)(?=:)/gim,
    '$1$2·',
  );
}

function longestRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0);
}
