import { broken, type EvidenceRule, holds, notAsked } from './rule.ts';

/** Whatever the report says: what the server did not see was not tested there. */
export const seen: EvidenceRule = {
  name: 'seen',
  set: 'law',
  check: (facts, { evidence }) => {
    if (evidence !== 'server') return notAsked('not asked for (evidence: none)');
    if (facts.how === 'not-started') return notAsked('did not start');
    if (facts.seen === null) return broken(`not seen by the server: ${facts.seenProblem ?? 'nobody looked'}`);
    const { requests, elsewhere } = facts.seen;
    const figure = `${requests} requests on the expected revision, ${elsewhere} elsewhere`;
    if (requests > 0) return holds(figure);
    return elsewhere > 0
      ? broken(`not seen by the server: ${elsewhere} requests reached another revision`, figure)
      : broken('not seen by the server: no request of this suite is in the log of the expected revision', figure);
  },
};

/** Where clients set a trace for each test: a test that passed and left no request may have tested nothing. */
export const testsSeen: EvidenceRule = {
  name: 'tests-seen',
  set: 'tests-seen',
  check: ({ seen: found }) => {
    const tests = found?.tests ?? null;
    if (tests === null) return notAsked('no test sets a trace of its own, or the log was cut off');
    const figure = `${tests.seen} of ${tests.of} passed tests left a request`;
    if (tests.seen >= tests.of) return holds(figure);
    return broken(
      `tests not seen by the server: ${tests.of - tests.seen} of ${tests.of} passed tests left no request`,
      figure,
    );
  },
};
