import { expect, test } from 'vitest';
import type { Cause, Fix, Published } from '../core/record.ts';
import { sameRevert } from './same-revert.ts';

const bad = 'b'.repeat(40);
const other = 'c'.repeat(40);
const suspects = [{ commit: bad }, { commit: other }] as Cause['suspects'];
const fix = (cause: string, commit: string, holds: boolean, fixer = 'revert-commit') =>
  ({ cause, fixer, because: `reverted ${commit}`, proof: { holds } }) as Fix;
const published = [{ kind: 'pull', key: 'cause/first/1', number: 2 }] as Published[];

// [story, attempt, fixes, the pull request that is told]
test.each([
  ['nothing was fixed yet', 1, [], null],
  ['the same commit, proven', 1, [fix('first', bad, true)], 2],
  ['the same commit, not proven', 1, [fix('first', bad, false)], null],
  ['another commit', 1, [fix('first', other, true)], null],
  ['the second attempt takes another suspect', 2, [fix('first', bad, true)], null],
  ['proven, but not published', 1, [fix('third', bad, true)], null],
  ['a fixer that reverts nothing', 1, [fix('first', bad, true, 'command')], null],
  ['no suspect is left', 3, [fix('first', bad, true)], null],
] as const)('%s', (_story, attempt, fixes, pull) => {
  expect(sameRevert({ suspects }, attempt, { fixes: [...fixes], published })?.pull ?? null).toBe(pull);
});
