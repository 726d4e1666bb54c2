import type { Comparison } from './record.ts';

/** One test of one run, as far as a comparison needs it: `P` passed, `F` failed, `E` errored, `S` skipped. */
interface Ended {
  readonly test: string;
  readonly outcome: 'P' | 'F' | 'E' | 'S';
}

type Compared = Pick<Comparison, 'state' | 'before' | 'improved' | 'worse' | 'added' | 'gone' | 'same'>;

/** Test by test: what passes now and did not before, and the other way round. A skip is no pass. Pure. */
export function compareResults(now: readonly Ended[], before: readonly Ended[]): Compared {
  const was = new Map(before.map(({ test, outcome }) => [test, outcome]));
  const is = new Set(now.map(({ test }) => test));
  const improved: string[] = [];
  const worse: string[] = [];
  const added: string[] = [];
  for (const { test, outcome } of now) {
    const earlier = was.get(test);
    if (earlier === undefined) added.push(test);
    else if (outcome === 'P' && earlier !== 'P') improved.push(test);
    else if (outcome !== 'P' && earlier === 'P') worse.push(test);
  }
  const gone = before.filter(({ test }) => !is.has(test)).map(({ test }) => test);
  return {
    state: worse.length > 0 ? 'worse' : improved.length > 0 ? 'improved' : 'same',
    before: { passed: before.filter(({ outcome }) => outcome === 'P').length, selected: before.length },
    ...{ improved, worse, added, gone, same: now.length - improved.length - worse.length - added.length },
  };
}

/** How often a test was red, of the results that say anything: a skip does not. `outcomes` such as `PPFS`. */
export function redRate(outcomes: string): { red: number; of: number } {
  const said = [...outcomes].filter((letter) => letter !== 'S');
  return { red: said.filter((letter) => letter !== 'P').length, of: said.length };
}

/** Passes in a row, up to the newest result. `outcomes` has the newest one last. */
export function passesInARow(outcomes: string): number {
  return outcomes.length - (outcomes.search(/[^P]P*$/) + 1);
}
