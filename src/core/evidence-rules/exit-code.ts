import { broken, type EvidenceRule, holds, notAsked, redTests } from './rule.ts';

/** Two witnesses of one run: a runner that says 0 over red tests, or the other way round, is not believed in either. */
export const exitCode: EvidenceRule = {
  name: 'exit-code',
  set: 'law',
  check: (facts) => {
    const { how, exitCode: code, reportProblem, counts } = facts;
    if (how !== 'exited' || code === null || reportProblem !== null || counts.selected === 0)
      return notAsked('no exit code and report to hold together');
    const red = redTests(facts);
    const figure = `exit code ${code}, ${red} red`;
    if (code === 0 && red > 0) return broken(`exit code disagrees: 0, but the report has ${red} red`, figure);
    if (code !== 0 && red === 0) return broken(`exit code disagrees: ${code}, but the report has nothing red`, figure);
    return holds(figure);
  },
};
