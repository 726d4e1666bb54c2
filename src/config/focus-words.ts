import type { PipelineConfig, SuiteConfig } from './pipeline.ts';
import type { WordFacts } from './selection-facts.ts';

type Suites = Pick<PipelineConfig, 'suites'>;

/** Words that select by something else than a name; no suite and no focus word may be called so. */
export const reservedWords = ['all', 'changed'] as const;

export function isWord(word: string, wanted: (typeof reservedWords)[number]): boolean {
  return same(word, wanted);
}

/** Whether the word is the suite's name, or one of its focus words. */
export function matches(word: string, name: string, config: Pick<SuiteConfig, 'focus'>): boolean {
  return same(word, name) || config.focus.some((focus) => same(word, focus));
}

/** Whether the pipeline knows the word by itself. */
export function isKnown(word: string, { suites }: Suites): boolean {
  return (
    reservedWords.some((reserved) => same(word, reserved)) ||
    Object.entries(suites).some(([name, config]) => matches(word, name, config))
  );
}

/** What is to be looked for among the names of tests: of a quoted text that holds an unknown word the whole, then that word. */
export function toLookFor(focus: readonly string[], pipeline: Suites): string[] {
  const texts = focus.flatMap((text) => {
    const words = wordsOf(text);
    const unknown = words.filter((word) => !isKnown(word, pipeline));
    return unknown.length > 0 && words.length > 1 ? [words.join(' '), ...unknown] : unknown;
  });
  return [...new Set(texts)];
}

/** The focus in words, each once. A quoted text is split at spaces, unless it names a test as a whole and the pipeline does not know all its words. */
export function focusWords(focus: readonly string[], pipeline: Suites, found: readonly WordFacts[]): string[] {
  const texts = focus.flatMap((text) => {
    const words = wordsOf(text);
    const whole = words.join(' ');
    const namesTests = found.some(({ word, suites }) => word === whole && Object.keys(suites).length > 0);
    return namesTests && words.some((word) => !isKnown(word, pipeline)) ? [whole] : words;
  });
  return [...new Set(texts)];
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

export function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
