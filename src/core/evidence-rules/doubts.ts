import { broken, type EvidenceRule, holds } from './rule.ts';

/** Lying totals, a killed run, two roots: the report itself says that its passes are worth nothing. */
export const doubts: EvidenceRule = {
  name: 'report-doubts',
  set: 'law',
  check: ({ reportDoubts }) =>
    reportDoubts.length > 0 ? broken(`report in doubt: ${reportDoubts.join('; ')}`) : holds('0 doubts'),
};
