import { broken, type EvidenceRule, holds, notAsked, type SuiteFacts } from './rule.ts';

/** A suite that skips is no proof of what it skipped; the reasons say whether that was meant. */
export const skipped: EvidenceRule = {
  name: 'skipped',
  set: 'law',
  check: (facts, { skippedMaxPermille }) => {
    const { skipped: tests, selected } = facts.counts;
    if (selected === 0) return notAsked('no tests');
    const figure = `${tests} of ${selected}, at most ${skippedMaxPermille / 10} %${reasons(facts)}`;
    if (tests * 1000 <= skippedMaxPermille * selected) return holds(figure);
    return broken(`skipped: ${tests} of ${selected}, more than ${skippedMaxPermille / 10} %${reasons(facts)}`, figure);
  },
};

function reasons({ signs }: SuiteFacts): string {
  const named = (signs?.skipReasons ?? []).map(({ reason, tests }) => `${tests} × ${reason}`);
  return named.length === 0 ? '' : ` (${named.join('; ')})`;
}
