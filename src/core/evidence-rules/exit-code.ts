import { broken, type EvidenceRule, holds, notAsked, redTests, reported } from './rule.ts';

/** Two witnesses of one run: a runner that says 0 over red tests, or the other way round, is not believed in either. */
export const exitCode: EvidenceRule = {
  name: 'exit-code',
  set: 'law',
  check: (facts) => {
    const { how, exitCode: code, reportProblem, counts } = facts;
    // Without a test the floor tells enough: there is nothing that the code could disagree with.
    if (how !== 'exited' || code === null || reportProblem !== null || reported({ counts }) === 0)
      return notAsked('no exit code and report to hold together');
    const red = redTests(facts);
    const figure = `exit code ${code}, ${red} red`;
    if (code === 0 && red > 0) return broken(`exit code disagrees: 0, but the report has ${red} red`, figure);
    if (code !== 0 && red === 0) return broken(`exit code disagrees: ${code}, but the report has nothing red`, figure);
    return holds(figure);
  },
};
