import { canonicalJson, sha256 } from '../core/canonical-json.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import { orderByRisk } from '../core/suite-order.ts';
import { focusWords, isKnown, isWord } from './focus-words.ts';
import { listed, nearest } from './nearest.ts';
import type { PipelineConfig, SuiteConfig } from './pipeline.ts';
import { type ImpactFacts, noFacts, type SelectionFacts } from './selection-facts.ts';
import { judgeSuite } from './suite-selection.ts';

/** Its place among the selected suites of its phase, from 1, and why. */
interface SuitePlace {
  readonly place: number;
  readonly because: string;
}

interface SuiteChoice {
  readonly name: string;
  readonly selected: boolean;
  /** One sentence: why it runs, or why not. */
  readonly because: string;
  /** Names of tests that the focus narrows it to; null where it runs whole. */
  readonly tests: string[] | null;
  /** Null where it does not run, or where an older loop began the run. */
  readonly order: SuitePlace | null;
}

interface SelectedSuite extends SuiteChoice {
  readonly config: SuiteConfig;
}

export interface SelectedPhase {
  readonly name: string;
  /** Null where each suite is judged by its own gate. */
  readonly gatePermille: number | null;
  readonly always: boolean;
  /** In the pipeline's order. */
  readonly suites: readonly SelectedSuite[];
}

export interface Selection {
  /** As they were given, split and without repeats. */
  readonly words: readonly string[];
  /** Whether any suite of the pipeline was left out, or narrowed to some of its tests. */
  readonly partial: boolean;
  /** In the pipeline's order, those with a selected suite only. */
  readonly phases: readonly SelectedPhase[];
  /** Every suite of the pipeline, also of phases that do not run. */
  readonly suites: readonly (SuiteChoice & { readonly phase: string })[];
  /** What `changed` went by; null where it was not asked for. */
  readonly impact: ImpactFacts | null;
}

/**
 * The suites that a focus selects: its words are OR-ed and match a suite's name or one of its focus words, whatever the case;
 * `all`, or no word at all, selects every suite; `changed` those that cover a path that changed; any other word the suites with tests
 * of that name. A word that matches nothing is a failure (`usage`): a slip must not test less in silence.
 */
export function selectSuites({
  focus,
  pipeline,
  found: facts,
}: {
  focus: readonly string[];
  pipeline: PipelineConfig;
  found?: SelectionFacts | undefined;
}): Result<Selection> {
  const found = facts ?? noFacts;
  const words = focusWords(focus, pipeline, found.words);
  if (focus.length > 0 && words.length === 0) return fail('usage', 'the focus is empty', whatExists(pipeline));
  const unknown = words.filter((word) => !isKnown(word, pipeline) && !namesTests(word, found));
  if (unknown.length > 0) return noMatch(unknown, pipeline, found);

  const phases = pipeline.phases.map((phase) => ({
    name: phase.name,
    gatePermille: phase.gate ?? null,
    always: phase.always,
    suites: inOrder(
      phase.suites.flatMap((name) => choose(name, phase, words, pipeline, found)),
      pipeline,
      facts,
    ),
  }));
  const suites = phases.flatMap((phase) =>
    phase.suites.map(({ config: _, ...suite }) => ({ ...suite, phase: phase.name })),
  );
  if (suites.every(({ selected }) => !selected)) return nothingChanged(found.impact);
  return succeed({
    words,
    partial: suites.some(({ selected, tests }) => !selected || tests !== null),
    phases: phases.filter((phase) => phase.suites.some(({ selected }) => selected)),
    suites,
    impact: words.some((word) => isWord(word, 'changed')) ? found.impact : null,
  });
}

/**
 * What two runs must have in common to be compared. The order of the words and of the suites changes nothing of what runs, and
 * neither do the words that say why.
 */
export function selectionSha256({ words, partial, phases, suites }: Selection): string {
  const what = <T extends { because: string; order: SuitePlace | null }>({ because: _, order: __, ...rest }: T) => rest;
  return sha256(
    canonicalJson({
      words: [...words].sort(),
      partial,
      phases: phases.map((phase) => ({ ...phase, suites: phase.suites.map(what) })),
      suites: suites.map(what),
    }),
  );
}

/** The selected suites of a phase as they are to run. */
export function runningOrder(phase: SelectedPhase): SelectedSuite[] {
  const selected = phase.suites.filter((suite) => suite.selected);
  return selected.toSorted((one, other) => (one.order?.place ?? 0) - (other.order?.place ?? 0));
}

function choose(
  name: string,
  phase: { readonly name: string; readonly always: boolean },
  words: readonly string[],
  pipeline: PipelineConfig,
  found: SelectionFacts,
): SelectedSuite[] {
  const config = pipeline.suites[name];
  if (config === undefined) return [];
  const { because, tests } = judgeSuite(name, config, words, found);
  // What must not be left out is not narrowed either.
  const always = phase.always && (because === null || tests !== null);
  const why = always ? `the phase ${phase.name} always runs` : because;
  const chosen = { selected: why !== null, because: why ?? whyNot(words), tests: always ? null : tests };
  return [{ name, config, ...chosen, order: null }];
}

function whyNot(words: readonly string[]): string {
  if (!words.some((word) => isWord(word, 'changed'))) return 'no word of the focus matches';
  return `nothing that it covers changed${words.length === 1 ? '' : ', and no other word matches'}`;
}

function inOrder(
  suites: readonly SelectedSuite[],
  { running }: Pick<PipelineConfig, 'running'>,
  facts: SelectionFacts | undefined,
): SelectedSuite[] {
  // A run of an older loop goes on as it began.
  if (facts === undefined) return [...suites];
  const selected = suites.filter((suite) => suite.selected);
  const ordered =
    running.order === 'risk'
      ? orderByRisk(
          selected.map(({ name, config }) => ({ name, priority: config.priority, past: facts.past[name] ?? null })),
        )
      : selected.map(({ name }) => ({ name, because: 'as the pipeline has it' }));
  return suites.map((suite) => {
    const at = ordered.findIndex(({ name }) => name === suite.name);
    const because = ordered[at]?.because;
    return because === undefined ? suite : { ...suite, order: { place: at + 1, because } };
  });
}

function namesTests(word: string, { words }: SelectionFacts): boolean {
  return words.some((one) => one.word === word && Object.keys(one.suites).length > 0);
}

/** No data is never green: a run of nothing is refused. */
function nothingChanged(impact: ImpactFacts | null): Result<Selection> {
  const changed = (impact?.paths.length ?? 0) + (impact?.more ?? 0);
  const what = changed === 0 ? 'nothing changed' : `of ${changed} changed paths no suite covers one`;
  return fail('usage', `no suite is selected: between what serves and HEAD ${what}`, 'everything: loop --focus all');
}

function noMatch(unknown: readonly string[], pipeline: PipelineConfig, found: SelectionFacts): Result<Selection> {
  const { words, suites } = known(pipeline);
  const near = unknown
    .map((word) => nearWord(word, [...words, ...suites]) ?? found.words.find((one) => one.word === word)?.near ?? null)
    .find((word) => word !== null);
  const message = `no suite matches the focus ${unknown.map((word) => `"${word}"`).join(', ')}`;
  return fail('usage', message, (near === undefined ? '' : `did you mean "${near}"? `) + whatExists(pipeline));
}

/** A slip of the finger, or the beginning of a longer word. */
function nearWord(word: string, known: readonly string[]): string | null {
  const begun = word.length < 3 ? undefined : known.find((one) => one.toLowerCase().startsWith(word.toLowerCase()));
  return nearest(word, known) ?? begun ?? null;
}

function whatExists(pipeline: PipelineConfig): string {
  const { words, suites } = known(pipeline);
  return `focus words: ${listed(['all', 'changed', ...words])}; suites: ${listed(suites)}; or (a part of) the name of a test that ran before`;
}

function known(pipeline: PipelineConfig): { words: string[]; suites: string[] } {
  const words = Object.values(pipeline.suites).flatMap(({ focus }) => focus);
  return { words: [...new Set(words)].sort(), suites: Object.keys(pipeline.suites) };
}
