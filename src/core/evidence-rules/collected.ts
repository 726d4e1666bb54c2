import { broken, type EvidenceRule, holds, notAsked, reported } from './rule.ts';

/** What was counted before the run is the denominator; a report that holds more says that the count, or the report, is about something else. */
export const collected: EvidenceRule = {
  name: 'collected',
  set: 'collected',
  check: (facts) => {
    const listed = facts.collected ?? null;
    if (listed === null) return notAsked('nothing was collected before the run');
    if (facts.reportProblem !== null || facts.how === 'not-started') return notAsked('no report to hold it against');
    const figure = `${reported(facts)} reported, ${listed} collected before`;
    return reported(facts) <= listed ? holds(figure) : broken(`more tests than collected: ${figure}`, figure);
  },
};
