import { broken, type EvidenceRule, holds } from './rule.ts';

/** A command that is not there has tested nothing. */
export const started: EvidenceRule = {
  name: 'started',
  set: 'law',
  check: (facts) =>
    facts.how === 'not-started' ? broken(`not started: ${facts.message ?? 'no such program'}`) : holds('started'),
};
