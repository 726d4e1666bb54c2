import { expect, test } from 'vitest';
import type { Suspect } from '../../core/record.ts';
import { revertedCommit } from './reverted-commit.ts';

const suspect = (letter: string): Suspect => ({
  commit: letter.repeat(40),
  title: `commit ${letter}`,
  path: null,
  line: null,
  score: 1,
  reasons: [],
});
const cause = { suspects: [suspect('a'), suspect('b')] };

test.each([
  ['the first suspect', 'revert-commit', `reverted ${'a'.repeat(40)}`, 'commit a'],
  ['the second attempt takes the second one', 'revert-commit', `reverted ${'b'.repeat(40)}`, 'commit b'],
  ['a program that edits takes back nothing', 'command', 'the command ended with exit code 0', undefined],
] as const)('%s', (_story, fixer, because, title) => {
  expect(revertedCommit(cause, { fixer, because })?.title).toBe(title);
});
