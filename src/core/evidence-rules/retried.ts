import { broken, type EvidenceRule, holds, notAsked } from './rule.ts';

const namedMax = 3;

/** The runner repeated red tests until they passed: they count as passed, and the run is thin. */
export const retried: EvidenceRule = {
  name: 'retried',
  set: 'retried',
  check: ({ signs }) => {
    if (signs?.retried === undefined) return notAsked('nobody read the attempts');
    const { tests, first } = signs.retried;
    if (tests === 0) return holds('0 passed after a red attempt');
    const named = first.slice(0, namedMax).map(({ test, attempts }) => `${test} (${attempts})`);
    const more = tests > namedMax ? ` and ${tests - namedMax} more` : '';
    const figure = `${tests} ${tests === 1 ? 'test' : 'tests'} passed only after a red attempt`;
    return broken(`${figure}, repeated by the runner: ${named.join(', ')}${more}`, figure);
  },
};
