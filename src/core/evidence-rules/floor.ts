import { broken, type EvidenceRule, holds, notAsked, reported, type SuiteRules } from './rule.ts';

/**
 * How many tests a suite must have: as many as the pipeline declares; where it declares nothing, as many as its last good run had.
 * Who takes tests out on purpose declares the new number.
 */
export function testsFloor({ testsMin, lastGood }: Pick<SuiteRules, 'testsMin' | 'lastGood'>): number {
  return testsMin ?? Math.max(1, lastGood?.tests ?? 1);
}

/** "0 tests" never passes, and a suite that lost half of its tests overnight is no smaller success. */
export const floor: EvidenceRule = {
  name: 'floor',
  set: 'law',
  check: (facts, rules) => {
    const collected = facts.collected ?? null;
    if (collected !== null && collected < testsFloor(rules)) {
      const listed = `${collected} collected, ${floorWords(rules)}`;
      return broken(`too few tests: ${listed}${declareHint(rules)}`, listed);
    }
    if (facts.reportProblem !== null || facts.how === 'not-started') return notAsked('no report to count in');
    const tests = reported(facts);
    const figure = `${tests} collected, ${floorWords(rules)}`;
    if (tests === 0) return broken('no tests: the report holds none', figure);
    if (tests >= testsFloor(rules)) return holds(figure);
    return broken(`too few tests: ${figure}${declareHint(rules)}`, figure);
  },
};

function declareHint({ testsMin }: SuiteRules): string {
  return testsMin === undefined ? ' (declare testsMin where tests were taken out on purpose)' : '';
}

function floorWords({ testsMin, lastGood }: SuiteRules): string {
  if (testsMin !== undefined) return `at least ${testsMin} declared`;
  return lastGood ? `floor ${lastGood.tests} of run ${lastGood.run}` : 'none declared, no good run before';
}

/** A declared floor goes before the last good run's; that the suite had more tests then is said all the same. */
export const fewerTests: EvidenceRule = {
  name: 'fewer-tests',
  set: 'fewer-tests',
  check: (facts, rules) => {
    const tests = reported(facts);
    if (facts.reportProblem !== null || tests < testsFloor(rules)) return notAsked('told by the floor');
    if (!rules.lastGood) return notAsked('no good run before');
    const figure = `${tests} collected, ${rules.lastGood.tests} in the last good run ${rules.lastGood.run}`;
    return tests < rules.lastGood.tests ? broken(`fewer tests: ${figure}`, figure) : holds(figure);
  },
};
