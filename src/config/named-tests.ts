import { nearest } from './nearest.ts';
import type { WordFacts } from './selection-facts.ts';
import { narrowedMax } from './suite-selection.ts';

/** The tests of one suite that are known, by id: from results, else as a collection listed them. */
export interface KnownTests {
  readonly suite: string;
  readonly ran: readonly string[];
  readonly listed: readonly string[];
}

/** A shorter word is in almost every name. */
const partCharsMin = 3;

/**
 * The tests that a text names, whatever the case and the white space: those of exactly this name (the last part of their id, or all
 * of it), and where there are none, those whose id it is a part of.
 */
export function namedTests(text: string, known: readonly KnownTests[]): WordFacts {
  const wanted = plain(text);
  const whole = bySuite(known, (id) => plain(id) === wanted || plain(nameOf(id)) === wanted);
  const isPart = (id: string) => wanted.length >= partCharsMin && plain(id).includes(wanted);
  const suites = Object.keys(whole).length > 0 ? whole : bySuite(known, isPart);
  const near = Object.keys(suites).length > 0 ? null : nearest(text, wordsOf(known));
  return { word: text, suites, near };
}

function bySuite(known: readonly KnownTests[], fits: (id: string) => boolean): WordFacts['suites'] {
  const rows = known.flatMap(({ suite, ran, listed }) => {
    const found = ran.filter(fits);
    const tests = found.length > 0 ? found : listed.filter(fits);
    if (tests.length === 0) return [];
    const kept = tests.slice(0, narrowedMax);
    return [[suite, { tests: kept, more: tests.length - kept.length }] as const];
  });
  return Object.fromEntries(rows);
}

/** What a slip may have meant: names of tests, and the words in them. */
function wordsOf(known: readonly KnownTests[]): string[] {
  const names = known.flatMap(({ ran, listed }) => [...ran, ...listed].map(nameOf));
  const words = names.flatMap((name) => name.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length >= partCharsMin));
  return [...new Set([...words, ...names])];
}

function nameOf(id: string): string {
  return id.split(' > ').at(-1) ?? id;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}
