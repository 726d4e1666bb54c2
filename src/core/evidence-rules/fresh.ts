import { broken, type EvidenceRule, holds, notAsked } from './rule.ts';

/** How the problem of a report begins that is older than its attempt. */
export const staleWords = 'stale report';

/** A report of another day says nothing about this attempt. */
export const fresh: EvidenceRule = {
  name: 'fresh',
  set: 'law',
  check: ({ how, reportProblem }) => {
    if (how === 'not-started') return notAsked('did not start');
    if (reportProblem === null) return holds('written after the attempt began');
    return isStale(reportProblem) ? broken(reportProblem) : notAsked('no report to look at');
  },
};

export function isStale(problem: string): boolean {
  return problem.startsWith(staleWords);
}
