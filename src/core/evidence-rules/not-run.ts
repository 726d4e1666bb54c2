import { testsFloor } from './floor.ts';
import { broken, type EvidenceRule, holds, notAsked, redTests, reported } from './rule.ts';

/** What was listed and did not run is explained by a runner that stops at its first red tests, and by nothing else. */
export const notRun: EvidenceRule = {
  name: 'not-run',
  set: 'law',
  check: (facts, rules) => {
    const { notRun: tests, selected } = facts.counts;
    if (facts.reportProblem !== null || facts.how !== 'exited') return notAsked('the run did not come to its end');
    if (tests === 0) return holds('0 not run');
    if (reported(facts) < testsFloor(rules)) return notAsked('told by the floor');
    const figure = `${tests} of ${selected} not run`;
    if (redTests(facts) > 0) return holds(`${figure}: it stopped after ${redTests(facts)} red`);
    return broken(`not run: ${tests} of ${selected}, and nothing red explains it`, figure);
  },
};
