import { canonicalJson, sha256 } from '../core/canonical-json.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import { listed, nearest } from './nearest.ts';
import type { PipelineConfig, SuiteConfig } from './pipeline.ts';

interface SelectedSuite {
  readonly name: string;
  readonly config: SuiteConfig;
  readonly selected: boolean;
  /** One sentence: why it runs, or why not. */
  readonly because: string;
  /** Names of tests that the focus narrows it to; null where it runs whole. */
  readonly tests: string[] | null;
}

interface SelectedPhase {
  readonly name: string;
  /** Null where each suite is judged by its own gate. */
  readonly gatePermille: number | null;
  readonly always: boolean;
  readonly suites: readonly SelectedSuite[];
}

export interface Selection {
  /** As they were given, split and without repeats. */
  readonly words: readonly string[];
  /** Whether any suite of the pipeline was left out. */
  readonly partial: boolean;
  /** In the pipeline's order, those with a selected suite only. */
  readonly phases: readonly SelectedPhase[];
  /** Every suite of the pipeline, also of phases that do not run. */
  readonly suites: readonly {
    readonly name: string;
    readonly phase: string;
    readonly selected: boolean;
    readonly because: string;
    readonly tests: string[] | null;
  }[];
}

/**
 * The suites that a focus selects: its words are OR-ed and match a suite's name or one of its focus words, whatever the case;
 * `all`, or no word at all, selects every suite. A word that matches nothing is a failure (`usage`): a slip must not test less in silence.
 */
export function selectSuites({
  focus,
  pipeline,
}: {
  focus: readonly string[];
  pipeline: PipelineConfig;
}): Result<Selection> {
  const words = [...new Set(focus.flatMap((text) => text.split(/\s+/)).filter((word) => word !== ''))];
  if (focus.length > 0 && words.length === 0) return fail('usage', 'the focus is empty', whatExists(pipeline));
  const unknown = words.filter((word) => !isAll(word) && !matchesAny(word, pipeline));
  if (unknown.length > 0) return noMatch(unknown, pipeline);

  const judged = pipeline.phases.map((phase) => ({
    name: phase.name,
    gatePermille: phase.gate ?? null,
    always: phase.always,
    suites: phase.suites.flatMap((name) => judge(name, pipeline, words, phase)),
  }));
  const suites = judged.flatMap((phase) =>
    phase.suites.map(({ config: _, ...suite }) => ({ ...suite, phase: phase.name })),
  );
  return succeed({
    words,
    partial: suites.some(({ selected }) => !selected),
    phases: judged.filter((phase) => phase.suites.some(({ selected }) => selected)),
    suites,
  });
}

/** The order of the words does not change what is selected, so it does not change the hash. */
export function selectionSha256({ words, partial, phases, suites }: Selection): string {
  return sha256(canonicalJson({ words: [...words].sort(), partial, phases, suites }));
}

function judge(
  name: string,
  pipeline: PipelineConfig,
  words: readonly string[],
  phase: { readonly name: string; readonly always: boolean },
): SelectedSuite[] {
  const config = pipeline.suites[name];
  if (config === undefined) return [];
  const because = reason(name, config, words) ?? (phase.always ? `the phase ${phase.name} always runs` : null);
  return [
    { name, config, selected: because !== null, because: because ?? 'no word of the focus matches', tests: null },
  ];
}

function reason(name: string, config: SuiteConfig, words: readonly string[]): string | null {
  if (words.length === 0 || words.some(isAll)) return 'all suites are selected';
  const word = words.find((candidate) => matches(candidate, name, config));
  if (word === undefined) return null;
  return same(word, name) ? `the focus names it` : `"${word}" is one of its focus words`;
}

function noMatch(unknown: readonly string[], pipeline: PipelineConfig): Result<Selection> {
  const { words, suites } = known(pipeline);
  const near = unknown.map((word) => nearest(word, [...words, ...suites])).find((word) => word !== null);
  const message = `no suite matches the focus ${unknown.map((word) => `"${word}"`).join(', ')}`;
  return fail('usage', message, (near === undefined ? '' : `did you mean "${near}"? `) + whatExists(pipeline));
}

function whatExists(pipeline: PipelineConfig): string {
  const { words, suites } = known(pipeline);
  return `focus words: ${listed(['all', ...words])}; suites: ${listed(suites)}`;
}

function known(pipeline: PipelineConfig): { words: string[]; suites: string[] } {
  const words = Object.values(pipeline.suites).flatMap(({ focus }) => focus);
  return { words: [...new Set(words)].sort(), suites: Object.keys(pipeline.suites) };
}

function matchesAny(word: string, pipeline: PipelineConfig): boolean {
  return Object.entries(pipeline.suites).some(([name, config]) => matches(word, name, config));
}

function matches(word: string, name: string, config: SuiteConfig): boolean {
  return same(word, name) || config.focus.some((focus) => same(word, focus));
}

function isAll(word: string): boolean {
  return same(word, 'all');
}

function same(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
