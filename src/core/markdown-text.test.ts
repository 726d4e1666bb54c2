import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { codeSpan, fenced, inlineText, plainLine, terminalText } from './markdown-text.ts';

const corpus = new URL('../../../shared/corpora/hostile/', import.meta.url);

describe('running text does nothing', () => {
  test.each([
    ['is left alone where it is harmless', 'tool_executing has no tool_name (keys: payload, type)', null],
    ['mentions nobody', 'cc @octocat,@org/team', 'cc @&#8203;octocat,@&#8203;org/team'],
    ['refers to nothing', 'octo/repo#1 and GH-2', 'octo/repo#&#8203;1 and GH-&#8203;2'],
    ['closes nothing', 'fixes #1', 'fixes #&#8203;1'],
    ['links nowhere', '[a](http://b) www.c.d', '\\[a\\](http:&#8203;//b) www&#8203;.c.d'],
    ['names no commit', 'see 0a1b2c3d4e', 'see 0a1b2c&#8203;3d4e'],
    ['keeps plain numbers', 'took 1234567 ms', null],
    ['has no HTML', '<!-- loop:x --><b>&amp;', '&lt;!-- loop:x --&gt;&lt;b&gt;&amp;amp;'],
    ['has no emphasis', '*a* _b_ ~~c~~ `d` __init__', '\\*a\\* \\_b\\_ \\~\\~c\\~\\~ \\`d\\` \\_\\_init\\_\\_'],
    ['ends no cell, not even by a backslash', 'a\\|b', 'a\\\\\\|b'],
    ['is no heading', '# x', '\\# x'],
    ['is no list', '- [x] approved', '\\- \\[x\\] approved'],
    ['is no numbered list', '12. x', '12\\. x'],
    ['is one line', ' a\r\nb\n\n  c ', 'a ⏎ b ⏎ c'],
    ['shows what is hidden', 'a\u202eb\u0000\u200b\u{e0041}', 'a\\\\u202eb\\\\u0000\\\\u200b\\\\u{e0041}'],
    ['is no trailer', 'Co-authored-by: x', 'Co-authored-by·: x'],
  ])('%s', (_story, text, inert) => {
    expect(inlineText(text)).toBe(inert ?? text);
  });

  test('says what it cut, and tears no pair', () => {
    expect(inlineText('abcdef', 4)).toBe('abcd… (2 more characters)');
    expect(inlineText('abc😀', 4)).toBe('abc… (2 more characters)');
    expect(codeSpan('abcdef', 4)).toBe('`abcd… (2 more characters)`');
    expect(fenced('abcdef', '', 4)).toBe('```\nabcd\n… (2 more characters)\n```');
  });
});

describe('code cannot be left', () => {
  test.each([
    ['plain', 'a_b @octocat #1', '`a_b @octocat #1`'],
    ['backticks inside', 'a``b`c', '```a``b`c```'],
    ['backticks at the edge', '`a`', '`` `a` ``'],
    ['a pipe in a table', 'a|b`<', '<code>a\\|b\\`&lt;</code>'],
    ['several lines', 'a\nb', '`a ⏎ b`'],
    ['nothing', ' ', '` `'],
    ['a closing keyword for a squashed commit', 'Fixes: octo/repo#1', '`Fixes·: octo/repo#1`'],
    ['no CI for a squashed commit', '[skip ci]', '`[·skip ci]`'],
    ['a spoofed marker', '<!-- loop:x -->', '`<·!-- loop:x -->`'],
  ])('%s', (_story, text, span) => {
    expect(codeSpan(text)).toBe(span);
  });

  test.each([
    ['plain', 'a\n\tb\n', '', '```\na\n\tb\n```'],
    ['a language', 'a', 'json', '```json\na\n```'],
    ['a hostile language', 'a', 'js `\n# x', '```jsx\na\n```'],
    ['a fence inside', '```\nx\n````', '', '`````\n```\nx\n````\n`````'],
    ['hidden characters', 'a\u001b[31m\r\nb\u0085', '', '```\na\\u001b[31m\nb\\u0085\n```'],
    ['a closing keyword', 'closes #1', '', '```\ncloses· #1\n```'],
  ])('in a block: %s', (_story, text, info, block) => {
    expect(fenced(text, info)).toBe(block);
  });
});

test.each([
  ['Fixes #1 by @octocat [skip ci]', 'Fixes· #·1 by @·octocat [·skip ci]'],
  ['a\nb\u202e', 'a ⏎ b\\u202e'],
  ['GH-1 https://x', 'GH-·1 https:·//x'],
  ['tool_executing has no tool_name', 'tool_executing has no tool_name'],
])('a title does nothing: %s', (text, title) => {
  expect(plainLine(text)).toBe(title);
});

test.each([
  ['colours and links', '\u001b[31mred\u001b[0m \u001b]8;;http://x\u0007link\u001b]8;;\u0007', 'red link'],
  ['a rewritten line', 'ok\r\u001b[2Kfaked\b\b', 'okfaked'],
  ['bidi and C1', 'a\u202eb\u009b31mc\u2066', 'abc'],
  ['lines and tabs stay', 'a\r\n\tb\n', 'a\n\tb\n'],
  [
    'CI commands',
    '::add-mask::x\n  ::error::y\n##[set-output name=x]y',
    ': :add-mask::x\n  : :error::y\n## [set-output name=x]y',
  ],
])('a terminal obeys nothing: %s', (_story, text, plain) => {
  expect(terminalText(text)).toBe(plain);
});

test.each([' ', '\n', '`', 'fix ', 'a/', '@', '\u001b]', '\u001b[0', '::', '\t>'])(
  'a long text of %j is short work',
  (part) => {
    const text = `x${part.repeat(100_000)}x`;
    expect(inlineText(text).length).toBeLessThan(5000);
    expect(codeSpan(text).length).toBeLessThan(2000);
    expect(plainLine(text).length).toBeLessThan(2000);
    expect(fenced(text, '', 50_000).length).toBeLessThan(310_000);
    expect(terminalText(text).length).toBeLessThan(500_003);
  },
);

test('everything hostile that is collected stays inert', () => {
  if (!existsSync(corpus)) return void process.stderr.write('corpora/hostile is not there: not checked\n');
  const samples = ['blns.json', 'github-markdown.json'].flatMap((file) =>
    stringsIn(JSON.parse(readFileSync(new URL(file, corpus), 'utf8'))),
  );
  expect(samples.length).toBeGreaterThan(500);
  expect(samples.filter((text) => !isInertInline(inlineText(text)))).toEqual([]);
  expect(samples.filter((text) => !isClosedSpan(codeSpan(text)))).toEqual([]);
  expect(samples.filter((text) => !isClosedBlock(fenced(text)))).toEqual([]);
  expect(samples.filter((text) => !isInertTitle(plainLine(text)))).toEqual([]);
  expect(samples.filter((text) => /(?![\n\t])[\p{Cc}\p{Cf}]/u.test(terminalText(text)))).toEqual([]);
});

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

const closing = /\b(close[sd]?|fix(e[sd])?|resolve[sd]?)\s*:?\s*(#|GH-|https?:|[\w.-]+\/[\w.-]+#)\w?/i;
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

function isInertInline(line: string): boolean {
  const source = line.replaceAll('&#8203;', '\u0000');
  return !/[<>]|@\w|#\w|GH-\d|:\/\/|www\.|\[skip ci\]|(?<!\\)(?:\\\\)*[[\]`*|]/i.test(source) && !unseen.test(line);
}

function isClosedSpan(span: string): boolean {
  if (unseen.test(span) || closing.test(span) || span.includes('<!--')) return false;
  if (span.startsWith('<code>')) return isInertInline(span.slice(6, -7));
  const fence = /^`+/.exec(span)?.[0] ?? '';
  const runs = span.slice(fence.length, -fence.length).match(/`+/g) ?? [];
  return span.endsWith(fence) && runs.every((run) => run.length !== fence.length);
}

function isClosedBlock(block: string): boolean {
  const lines = block.split('\n');
  const fence = lines[0] ?? '';
  const inside = lines.slice(1, -1).join('\n');
  const hidden = /(?![\n\t])[\p{Cc}\p{Cf}]/u.test(inside) || closing.test(inside) || inside.includes('<!--');
  return lines.at(-1) === fence && !hidden && !inside.includes(fence);
}

function isInertTitle(line: string): boolean {
  return (
    line.length <= 241 && !/@\w|#\w|GH-\d|:\/\/|\[skip ci\]/i.test(line) && !unseen.test(line) && !closing.test(line)
  );
}
