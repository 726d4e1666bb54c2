import type { Finding } from './finding.ts';
import { literalMarks } from './focus-checks.ts';
import { itemPlace, type SuiteConfig, selectWord } from './pipeline.ts';

/** What stands for chosen tests and for pieces: it is there exactly where the suite says what takes its place, and as data only. */
export function checkSelectAndSplit(name: string, suite: SuiteConfig): Finding[] {
  const at = ['suites', name];
  const words = [suite.run].flat();
  const placeOf = (index: number) => (typeof suite.run === 'string' ? [...at, 'run'] : [...at, 'run', index]);
  const uses = suite.shell ? shellUses : listUses;
  return [
    ...uses.flatMap(({ key, place, told, fits, hint }) => {
      const found = words.findIndex((word) => word.includes(place));
      if (suite[key] === undefined) {
        if (found < 0) return [];
        return [
          wrong(
            placeOf(found),
            `${place} stands here, and nothing says what takes its place`,
            `add ${key}: to the suite`,
          ),
        ];
      }
      if (found < 0) return [wrong([...at, key], `nothing in run is ${told}`, hint)];
      const odd = words.findIndex((word, index) => word.includes(place) && !fits(word, index));
      return odd < 0 ? [] : [wrong(placeOf(odd), `expected ${told}`, hint)];
    }),
    ...(suite.shell ? inText(suite, words, placeOf) : []),
    ...checkWords(suite, at),
    ...checkItems(suite, at),
  ];
}

interface Use {
  readonly key: 'select' | 'split';
  readonly place: string;
  readonly told: string;
  readonly fits: (word: string, index: number) => boolean;
  readonly hint: string;
}

const listUses: readonly Use[] = [
  {
    key: 'select',
    place: selectWord,
    told: `the word ${selectWord}, alone and after the program`,
    fits: (word, index) => word === selectWord && index > 0,
    hint: `put it where the runner is told what to run: [node, --test, "${selectWord}", e2e]; it is left out where all tests run`,
  },
  {
    key: 'split',
    place: itemPlace,
    told: `a word with ${itemPlace}, after the program`,
    fits: (_word, index) => index > 0,
    hint: `put it where the runner is told which file or test: [node, --test, "${itemPlace}"]`,
  },
];

const always = () => true;
const shellUses: readonly Use[] = [
  {
    key: 'select',
    place: 'LOOP_SELECT',
    told: '$LOOP_SELECT, which holds the chosen tests, one a line',
    fits: always,
    hint: 'a shell is given names as environment, never as text, and it is empty where all tests run',
  },
  {
    key: 'split',
    place: 'LOOP_ITEM',
    told: '$LOOP_ITEM, which holds the piece',
    fits: always,
    hint: 'a shell is given names as environment, never as text: node --test "$LOOP_ITEM"',
  },
];

function inText(
  { shell }: Pick<SuiteConfig, 'shell'>,
  words: readonly string[],
  placeOf: (index: number) => Finding['path'],
): Finding[] {
  const named = { [selectWord]: '$LOOP_SELECT', [itemPlace]: '"$LOOP_ITEM"' };
  return Object.entries(named).flatMap(([place, variable]) =>
    shell && words.some((word) => word.includes(place))
      ? [wrong(placeOf(0), `${place} is not put into a shell's text`, `read ${variable} instead`)]
      : [],
  );
}

function checkWords({ select }: SuiteConfig, at: Finding['path']): Finding[] {
  if (select === undefined) return [];
  const [each, all] = ['{test}', '{tests}'].map((place) => select.words.some((word) => word.includes(place ?? '')));
  const path = [...at, 'select', 'words'];
  const hint =
    '[--test-name-pattern=^{test}$] repeats the words for each test, [-k, "{tests}"] gives all of them in one word';
  if (!each && !all) return [wrong(path, 'no word holds {test} or {tests}, so that no test would be named', hint)];
  return each && all ? [wrong(path, 'expected {test} or {tests}, not both', hint)] : [];
}

function checkItems({ split }: SuiteConfig, at: Finding['path']): Finding[] {
  if (split === undefined || !Array.isArray(split.items)) return [];
  return split.items.flatMap((glob, index) => {
    const path = [...at, 'split', 'items', index];
    if (glob.startsWith('/') || glob.split('/').includes('..'))
      return [wrong(path, 'leaves the folder that the suite runs in', 'write it relative to the repository')];
    return /[{}[\]\\]/.test(glob) ? [wrong(path, literalMarks, 'several globs do it: [e2e/a*.js, e2e/b*.js]')] : [];
  });
}

function wrong(path: Finding['path'], message: string, hint: string): Finding {
  return { path, at: 'value', message, hint };
}
