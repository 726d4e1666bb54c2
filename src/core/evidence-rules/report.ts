import { isStale } from './fresh.ts';
import { broken, type EvidenceRule, holds, notAsked } from './rule.ts';

/** Without a report that can be read to its end nobody knows what was tested. */
export const report: EvidenceRule = {
  name: 'report',
  set: 'law',
  check: ({ how, reportProblem }) => {
    if (how === 'not-started') return notAsked('did not start');
    if (reportProblem === null || isStale(reportProblem)) return holds('found in the folder of this attempt');
    return broken(reportProblem);
  },
};
