import { broken, type EvidenceRule, holds, notAsked, reported } from './rule.ts';

/** "0 tests" never passes, and a suite that lost half of its tests overnight is no smaller success. */
export const floor: EvidenceRule = {
  name: 'floor',
  set: 'law',
  check: (facts, { testsMin }) => {
    const collected = facts.collected ?? null;
    if (collected !== null && collected < testsMin) {
      const listed = `${collected} collected, at least ${testsMin} declared`;
      return broken(`too few tests: ${listed}`, listed);
    }
    if (facts.reportProblem !== null || facts.how === 'not-started') return notAsked('no report to count in');
    const tests = reported(facts);
    if (tests === 0) return broken('no tests: the report holds none', `0 collected, at least ${testsMin} declared`);
    const figure = `${tests} collected, at least ${testsMin} declared`;
    return tests < testsMin ? broken(`too few tests: ${figure}`, figure) : holds(figure);
  },
};
