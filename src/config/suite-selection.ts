import { counted } from '../core/count-words.ts';
import { isWord, matches, same } from './focus-words.ts';
import type { SuiteConfig } from './pipeline.ts';
import type { ImpactFacts, SelectionFacts } from './selection-facts.ts';

interface JudgedChoice {
  /** Null where no word selects the suite. */
  readonly because: string | null;
  /** Null where it runs whole. */
  readonly tests: string[] | null;
}

/** More tests than these are no narrowing any more: the whole suite runs. */
export const narrowedMax = 500;

/** Whether the words select a suite, by the first reason that lets it run whole, else by the tests that it holds. */
export function judgeSuite(
  name: string,
  config: SuiteConfig,
  words: readonly string[],
  found: SelectionFacts,
): JudgedChoice {
  const because = named(name, config, words) ?? changed(name, config, words, found.impact);
  return because === null ? byTests(name, config, words, found) : { because, tests: null };
}

function named(name: string, config: SuiteConfig, words: readonly string[]): string | null {
  if (words.length === 0 || words.some((word) => isWord(word, 'all'))) return 'all suites are selected';
  const word = words.find((candidate) => matches(candidate, name, config));
  if (word === undefined) return null;
  return same(word, name) ? 'the focus names it' : `"${word}" is one of its focus words`;
}

function changed(
  name: string,
  config: SuiteConfig,
  words: readonly string[],
  impact: ImpactFacts | null,
): string | null {
  if (!words.some((word) => isWord(word, 'changed'))) return null;
  if (impact === null) return 'what changed was not looked up, so every suite is selected';
  if (impact.unknown !== null) return `what changed is not known, so every suite is selected: ${impact.unknown}`;
  if (config.covers.length === 0) return 'it says nothing about what it covers';
  const covered = impact.suites[name];
  if (covered === undefined) return null;
  const more = covered.paths === 1 ? '' : ` and ${counted(covered.paths - 1, 'more path')} that it covers`;
  return `${covered.path}${more} changed`;
}

function byTests(name: string, config: SuiteConfig, words: readonly string[], found: SelectionFacts): JudgedChoice {
  const hits = found.words.flatMap(({ word, suites }) => {
    const hit = Object.hasOwn(suites, name) ? suites[name] : undefined;
    return hit !== undefined && words.includes(word) ? [{ word, ...hit }] : [];
  });
  if (hits.length === 0) return { because: null, tests: null };
  const tests = [...new Set(hits.flatMap((hit) => hit.tests))].sort();
  const more = hits.reduce((sum, hit) => sum + hit.more, 0);
  const what = hits.map(({ word }) => `"${word}"`).join(' and ');
  const holds = `${counted(tests.length + more, 'test')} of it ${tests.length + more === 1 ? 'matches' : 'match'} ${what}`;
  if (config.select === undefined)
    return { because: `${holds}; it runs whole, since it has no \`select:\``, tests: null };
  if (more > 0 || tests.length > narrowedMax)
    return { because: `${holds}; it runs whole, since these are too many to name`, tests: null };
  return { because: holds, tests };
}
