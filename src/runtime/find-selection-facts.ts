import { focusWords, isWord, toLookFor } from '../config/focus-words.ts';
import { type KnownTests, namedTests } from '../config/named-tests.ts';
import type { PipelineConfig } from '../config/pipeline.ts';
import type { ImpactFacts, SelectionFacts, WordFacts } from '../config/selection-facts.ts';
import type { History } from '../ports/history.ts';

export interface FactSources {
  /** Null where no run was made yet. */
  readonly history: Pick<History, 'latest' | 'knownTests'> | null;
  /** The tests that the last collection of a suite listed; empty where there is none. */
  readonly listed: (suite: string) => Promise<readonly string[]>;
  /** Asked only where the focus says `changed`. */
  readonly impact: () => Promise<ImpactFacts>;
}

const suiteRunsLookedAt = 50;
const testsOfSuiteMax = 20_000;

/** All that a selection goes by beside the files; found once, when a run begins, and kept with it. */
export async function findSelectionFacts(
  focus: readonly string[],
  pipeline: PipelineConfig,
  sources: FactSources,
): Promise<SelectionFacts> {
  const words = await findWords(focus, pipeline, sources);
  const wanted = focusWords(focus, pipeline, words);
  return {
    words,
    past: pipeline.running.order === 'risk' ? await findPast(pipeline, sources) : {},
    impact: wanted.some((word) => isWord(word, 'changed')) ? await sources.impact() : null,
  };
}

async function findWords(
  focus: readonly string[],
  pipeline: PipelineConfig,
  { history, listed }: FactSources,
): Promise<WordFacts[]> {
  const texts = toLookFor(focus, pipeline);
  if (texts.length === 0) return [];
  const known: KnownTests[] = [];
  for (const suite of Object.keys(pipeline.suites)) {
    const ran = (await history?.knownTests(suite, suiteRunsLookedAt, testsOfSuiteMax)) ?? [];
    known.push({ suite, ran, listed: await listed(suite) });
  }
  return texts.map((text) => namedTests(text, known));
}

async function findPast(
  pipeline: Pick<PipelineConfig, 'suites'>,
  { history }: FactSources,
): Promise<SelectionFacts['past']> {
  const past: SelectionFacts['past'] = {};
  for (const suite of Object.keys(pipeline.suites)) {
    const latest = await history?.latest(suite);
    if (latest) past[suite] = latest;
  }
  return past;
}
