import type { SelectTests, SuiteConfig } from '../config/pipeline.ts';
import { counted } from '../core/count-words.ts';

/** What a runner is told so that it runs these tests alone, or why it cannot be told: then all of them run. */
type SelectedTests =
  | { readonly ok: true; readonly words: readonly string[]; readonly names: readonly string[] }
  | { readonly ok: false; readonly because: string };

/** What an attempt is narrowed to; null where all tests run, and why, where some were asked for. */
export interface Narrowing {
  readonly tests: readonly string[] | null;
  readonly selected?: { readonly words: readonly string[]; readonly names: readonly string[] };
  readonly because: string | null;
}

export function narrowingOf(
  suite: Pick<SuiteConfig, 'select' | 'split' | 'shell'>,
  tests: readonly string[] | null,
): Narrowing {
  const whole = (because: string | null) => ({ tests: null, because });
  if (tests === null) return whole(null);
  if (tests.length === 0) return whole('no test is named');
  if (suite.select === undefined) return whole('the suite has no select:');
  if (suite.split !== undefined && suite.shell) return whole('a shell is given one piece at a time');
  const selected = selectedTests(suite.select, tests);
  return selected.ok ? { tests, selected, because: null } : whole(selected.because);
}

/** More than this in one command line is refused by the system, one word of it from 128 KiB on. */
export const argvBytesMax = 100_000;

/** The words that stand for `{select}`, for tests as their ids name them. Ids are data of others: each stays one part of one word. */
function selectedTests(how: SelectTests, ids: readonly string[]): SelectedTests {
  const nameless = ids.find((id) => namesOf(id, how.by).length === 0);
  if (nameless !== undefined) return { ok: false, because: `the id ${quoted(nameless)} tells no ${how.by}` };
  const plain = [...new Set(ids.flatMap((id) => namesOf(id, how.by)))];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no program can be given these in a word, and LOOP_SELECT has a name a line.
  const unfit = plain.find((name) => /[\u0000\n]/.test(name));
  if (unfit !== undefined) return { ok: false, because: `the name ${quoted(unfit)} does not fit into one line` };
  const names = how.escape === 'regex' ? plain.map(escaped) : plain;
  const words = wordsFor(how, names);
  const option = words.find(({ pattern, word }) => /^\{tests?\}/.test(pattern) && word.startsWith('-'));
  if (option) return { ok: false, because: `${quoted(option.word)} begins like an option` };
  const bytes = words.reduce((sum, { word }) => sum + Buffer.byteLength(word) + 1, 0);
  if (bytes > argvBytesMax)
    return {
      ok: false,
      because: `the names of ${counted(ids.length, 'test')} are ${bytes} bytes, more than a command line should have`,
    };
  return { ok: true, words: words.map(({ word }) => word), names };
}

/** `{tests}` stands for all of them in one word; without it the words come again for each test. */
function wordsFor({ words, join }: SelectTests, names: readonly string[]): { pattern: string; word: string }[] {
  const fill = (pattern: string, place: string, text: string) => ({
    pattern,
    word: pattern.replaceAll(place, () => text),
  });
  if (words.some((word) => word.includes('{tests}')))
    return words.map((word) => fill(word, '{tests}', names.join(join)));
  return names.flatMap((name) => words.map((word) => fill(word, '{test}', name)));
}

/** Several where the id alone cannot tell: ` #2` is ours where a report has the test twice, and may be the name's own. */
function namesOf(id: string, by: SelectTests['by']): string[] {
  const parts = id.split(' > ');
  const [first = '', ...rest] = parts;
  switch (by) {
    case 'name':
      return withoutNumber(parts.at(-1) ?? '');
    case 'full-name':
      return withoutNumber((rest.length > 0 && isFile(first) ? rest : parts).join(' '));
    case 'id':
      return withoutNumber(id);
    case 'node-id':
      return withoutNumber(parts.join('::'));
    case 'class':
      return parts.slice(-2, -1);
    case 'file':
      return parts.filter(isFile).slice(0, 1);
  }
}

function withoutNumber(name: string): string[] {
  return [...new Set([name, name.replace(/ #\d+$/, '')])].filter((one) => one !== '');
}

/** By its ending: a Java class has dots too. */
function isFile(part: string): boolean {
  return /\.(?:[cm]?[jt]sx?|py|rb|go|rs|php|dart|java|kts?|feature|robot|sh)$/.test(part);
}

/** node 20 escapes quotes twice in its JUnit report: such a name may be either. */
function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('&quot;', '(?:"|&quot;)');
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
