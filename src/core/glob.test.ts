import { expect, test } from 'vitest';
import { globMatcher } from './glob.ts';

test.each<[pattern: string, matches: string[], not: string[]]>([
  ['*.xml', ['junit.xml', '.xml'], ['a/junit.xml', 'junit.xml.txt', 'junitxxml']],
  ['**/*.xml', ['junit.xml', 'a/junit.xml', 'a/b/junit.xml'], ['junit.xml/a', 'a/junit.txt']],
  ['backend/**', ['backend/server.js', 'backend/a/b.js', 'backend/'], ['backend', 'backend.js', 'a/backend/server.js']],
  ['**/e2e/**', ['e2e/a.js', 'x/e2e/a.js', 'x/y/e2e/z/a.js'], ['e2e', 'xe2e/a.js', 'x/ye2e/a.js']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['a/xb', 'ab', 'a/b/c']],
  ['a**b', ['ab', 'a/x/b', 'axb'], ['a/x/bc']],
  ['?.js', ['a.js', 'ä.js', '𝒜.js'], ['.js', '/.js', 'ab.js']],
  ['**', ['', 'a', 'a/b'], []],
  ['', [''], ['a']],
  ['[a-z]{x,y}(b|c)+$', ['[a-z]{x,y}(b|c)+$'], ['ax', 'bb']],
])('%s', (pattern, matches, not) => {
  const matcher = globMatcher(pattern);
  expect(matches.filter((path) => !matcher(path))).toEqual([]);
  expect(not.filter(matcher)).toEqual([]);
});

test('a pattern that would send a regular expression back and forth for ever', () => {
  expect(globMatcher(`${'**/a*'.repeat(30)}b`)(`${'a/'.repeat(500)}c`)).toBe(false);
  expect(globMatcher(`${'*a'.repeat(30)}b`)('a'.repeat(1_000))).toBe(false);
});
