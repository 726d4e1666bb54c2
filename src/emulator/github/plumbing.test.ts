import { expect, test } from 'vitest';
import { closedByText } from './closing-keywords.ts';
import { isRefName } from './git-refs.ts';
import { readCommands } from './push-commands.ts';
import { isOwnerName, isRepositoryName } from './repository.ts';

test.each([
  ['Fixes #3', [3]],
  ['fix #3, closes: #4 and RESOLVED #5', [3, 4, 5]],
  ['Fixes #1, #2', [1]],
  ['Fixes demo/chat#7', [7]],
  ['Fixes other/chat#7', []],
  ['Refs #3', []],
  ['prefixes #3', []],
  ['Fixes#3', []],
  ['Fixes #03', []],
  ['Fixes #3a', []],
  ['Closes\n#3', []],
])('%j closes %j', (text, numbers) => {
  expect(closedByText(text, 'demo/chat')).toEqual(numbers);
});

test.each(['main', 'loop/fix/abc-1', 'refs/heads/x', 'ü', 'a@b', 'v1.0'])('%j is a name for a ref', (name) => {
  expect(isRefName(name)).toBe(true);
});

test.each([
  '',
  '-x',
  '@',
  'a..b',
  'a~1',
  'a^',
  'a:b',
  'a b',
  'a\n',
  '/a',
  'a/',
  'a//b',
  '.a',
  'a/.b',
  'a.lock',
  'a.',
  'a@{1}',
  'a*',
  'a\\b',
])('%j is no name for a ref', (name) => {
  expect(isRefName(name)).toBe(false);
});

test.each([
  ['demo', true],
  ['-demo', false],
  ['..', false],
  ['repos', false],
  ['User', false],
  ['a'.repeat(40), false],
])('%j as an owner: %s', (name, good) => {
  expect(isOwnerName(name)).toBe(good);
});

test.each([
  ['chat', true],
  ['.github', true],
  ['a.b_c-d', true],
  ['.', false],
  ['..', false],
  ['-x', false],
  ['chat.git', false],
  ['a/b', false],
])('%j as a repository: %s', (name, good) => {
  expect(isRepositoryName(name)).toBe(good);
});

test('the commands of a push are read up to the empty line, and no further than they are whole', () => {
  const [old, next] = ['1'.repeat(40), '2'.repeat(40)];
  const line = (text: string) => (text.length + 4).toString(16).padStart(4, '0') + text;
  const commands = line(`${old} ${next} refs/heads/a\0 report-status`) + line(`${next} ${'0'.repeat(40)} refs/heads/b`);
  const both = [
    { ref: 'refs/heads/a', from: old, to: next },
    { ref: 'refs/heads/b', from: next, to: null },
  ];
  expect(readCommands(Buffer.from(`${commands}0000PACK`))).toEqual(both);
  expect(readCommands(Buffer.from(commands.slice(0, -3)))).toEqual(both.slice(0, 1));
  expect(readCommands(Buffer.from('0000'))).toEqual([]);
  expect(readCommands(Buffer.from('zzzz'))).toEqual([]);
});
