import type { ReportProblem } from '../core/test-report.ts';

export interface ProblemList {
  add(problem: ReportProblem): void;
  /** Adds it only the first time that this code is met. */
  once(problem: ReportProblem): void;
  all(): readonly ReportProblem[];
}

/** Keeps the first `limit` problems; a doubt is never lost: where notes filled the list, it is appended all the same, once a code. */
export function makeProblemList(limit: number): ProblemList {
  const kept: ReportProblem[] = [];
  const codes = new Set<string>();
  let dropped = 0;
  const add = (problem: ReportProblem): void => {
    const firstOfCode = !codes.has(problem.code);
    codes.add(problem.code);
    if (kept.length < limit || (problem.weight === 'doubt' && firstOfCode)) kept.push(problem);
    else dropped += 1;
  };
  return {
    add,
    once: (problem) => {
      if (!codes.has(problem.code)) add(problem);
    },
    all: () =>
      dropped === 0 ? kept : [...kept, { code: 'more-problems', weight: 'note', message: `${dropped} more problems` }],
  };
}
