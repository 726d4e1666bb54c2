import { grouped } from '../../core/count-words.ts';
import { inlineText } from '../../core/markdown-text.ts';
import type { RunRecord } from '../../core/record.ts';
import { markdownTable } from './markdown-table.ts';
import { blocks, nothing } from './section.ts';

/** Money only where the user gave a figure for a suite that failed or is unproven. */
export function impact(record: RunRecord): string {
  if (record.impact === null)
    return nothing(record, 'recording', 'No figure was given for a suite, so none is computed.');
  const { usdAtRisk, computation } = record.impact;
  const rows = computation.map((one) => [inlineText(one.suite), grouped(one.usd), one.because]);
  return blocks(
    `USD ${grouped(usdAtRisk)} at risk: the sum over the suites that failed or are unproven and carry a figure.`,
    rows.length > 0 && markdownTable(['suite', 'USD', 'because'], rows),
  );
}
