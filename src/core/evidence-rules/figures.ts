import { broken, type EvidenceRule, holds, notAsked, reported } from './rule.ts';

/** Coroutines that nobody awaited warn twice a test and once at the end; so may others, so that it only warns. */
export const warningCount: EvidenceRule = {
  name: 'warning-count',
  set: 'warning-count',
  check: (facts) => {
    const warnings = facts.signs?.warnings ?? null;
    const tests = reported(facts);
    if (warnings === null || tests === 0) return notAsked('the runner counts no warnings');
    const figure = `${warnings} warnings, ${tests} tests`;
    if (warnings !== 2 * tests + 1) return holds(figure);
    return broken(`${figure}: 2 × ${tests} + 1 is what tests leave that were never awaited`, figure);
  },
};

/** A test that asks a server takes longer than this; one of pure arithmetic does not, so that it only warns. */
export const instant: EvidenceRule = {
  name: 'instant',
  set: 'instant',
  check: ({ signs }) => {
    if (signs === undefined || signs.timed === 0) return notAsked('no durations');
    const figure = `${signs.instant} of ${signs.timed} tests took less than 1 ms`;
    return signs.instant < signs.timed ? holds(figure) : broken(`${figure}: no server answers so fast`, figure);
  },
};
