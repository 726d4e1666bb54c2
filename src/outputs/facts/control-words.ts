import { counted } from '../../core/count-words.ts';
import type { Control } from '../../core/record.ts';
import type { ControlMeaning } from '../../core/words.ts';

/** What the two by two table says, in words. */
export const controlWords: Readonly<Record<ControlMeaning, string>> = {
  revision: 'red on the candidate, green on the reference: it is this revision',
  'environment-or-older': 'red on both: the environment, the test or an older fault; nobody is suspected',
  flaky: 'mixed results: flaky',
  'not-reproduced': 'green on both: not reproduced',
  impossible: 'no reference to compare with: nobody is suspected',
};

/** Suites of no pipeline: their rows are a candidate's own boot or health check. */
const checkSuites: readonly string[] = ['boot', 'health'];

/** One sentence a meaning, with the number of tests: `3 tests red on the candidate, …`. */
export function controlSentences(controls: readonly Control[]): string[] {
  const meanings = [...new Set(controls.map((one) => one.means))];
  return meanings.map((means) => {
    const of = controls.filter((one) => one.means === means);
    const what = of.every(({ suite }) => checkSuites.includes(suite)) ? 'check' : 'test';
    return `${counted(of.length, what)} ${controlWords[means]}`;
  });
}

/** How many of the repeats in a vector such as `FFP` failed. */
export function failedRuns(runs: string): number {
  return runs.split('F').length - 1;
}
