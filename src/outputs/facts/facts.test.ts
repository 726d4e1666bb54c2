import { expect, test } from 'vitest';
import { fitWidth, wrapWords } from '../text-width.ts';
import { notKnown, reasonsShown } from './cause-words.ts';
import { exitWords } from './exit-words.ts';
import { ageWords, durationWords, utcTime } from './instant.ts';

test.each([
  [-5, 'clock error (negative)'],
  [0, '0 ms'],
  [850, '850 ms'],
  [26_430, '26.4 s'],
  [59_990, '1 min'],
  [192_000, '3 min 12 s'],
  [7_500_000, '2 h 5 min'],
  [788_400_000, '9 d 3 h'],
])('%d ms is %s', (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});

test.each([
  [0, '0 s'],
  [59, '59 s'],
  [90, '1 min 30 s'],
  [-1, 'clock error (negative)'],
])('an age of %d s is %s', (seconds, words) => {
  expect(ageWords(seconds)).toBe(words);
});

test.each([
  ['2026-11-20T19:08:01Z', '2026-11-20 19:08:01Z'],
  ['2026-11-20T19:08:01.482913Z', '2026-11-20 19:08:01Z'],
  ['2026-11-20T19:08:01+02:00', '2026-11-20T19:08:01+02:00'],
])('%s is shown as %s', (at, shown) => {
  expect(utcTime(at)).toBe(shown);
});

test('text is cut and wrapped by what a terminal shows, not by its length', () => {
  expect(fitWidth('日本語のテスト', 7)).toBe('日本語…');
  expect(fitWidth('plain', 5)).toBe('plain');
  expect(wrapWords('one two three', 7)).toEqual(['one two', 'three']);
});

test.each([
  [4, ['a', 'b', 'c', 'd']],
  [5, ['a', 'b', 'c', 'd', 'e']],
  [7, ['a', 'b', 'c', 'd', 'and 3 more reasons']],
])('of %i reasons the weightiest are shown, and how many there are more', (count, shown) => {
  expect(reasonsShown(['a', 'b', 'c', 'd', 'e', 'f', 'g'].slice(0, count))).toEqual(shown);
});

test.each([
  ['Not known.', true],
  ['', true],
  ['Not known: no fact tells the runs apart.', false],
])('the claim %j says nothing: %s', (claim, nothing) => {
  expect(notKnown(claim)).toBe(nothing);
});

test.each([
  [0, 'GO', '0 (GO)'],
  [0, null, '0 (nothing was judged)'],
  [1, 'NO-GO', '1 (NO-GO)'],
  [130, null, '130 (interrupted)'],
] as const)('exit code %i with verdict %s reads %s', (code, verdict, words) => {
  expect(exitWords(code, verdict)).toBe(words);
});
