import { broken, type EvidenceRule, holds, notAsked } from './rule.ts';

/** The runner's closing lines ("7 failed") against its report ("10 red"). */
export const summary: EvidenceRule = {
  name: 'summary',
  set: 'law',
  check: ({ reportProblem, summaryProblem }) => {
    if (reportProblem !== null) return notAsked('no report to hold it against');
    return summaryProblem
      ? broken(`summary disagrees: ${summaryProblem}`, summaryProblem)
      : holds('agrees, or none printed');
  },
};
