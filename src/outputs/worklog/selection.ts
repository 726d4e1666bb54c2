import { percent } from '../../core/judge-phase.ts';
import { codeSpan, inlineText } from '../../core/markdown-text.ts';
import type { RunRecord, SuiteResult } from '../../core/record.ts';
import type { Cite } from './citations.ts';
import { markdownTable } from './markdown-table.ts';
import { prose } from './prose.ts';
import { blocks, bullets, cited, nothing } from './section.ts';

/** What was chosen to run and what it had to reach, as it was fixed before the first test. */
export function selection(record: RunRecord, cite: Cite): string {
  const { selection: chosen, run } = record;
  if (chosen === null) return nothing(record, 'preparing', 'No suite could be selected.');
  const config = cite(record.evidence.filter((one) => one.kind === 'config').map((one) => one.id));
  const notReached = config === '' ? '-' : `see ${config}`;
  const rows = chosen.suites.map((one) => [
    inlineText(one.name),
    inlineText(one.phase),
    one.selected ? 'yes' : 'no',
    gate(record, one.name) ?? notReached,
    prose(one.because),
  ]);
  return blocks(
    `Focus ${inlineText(chosen.focus.join(' ') || 'all')}: ${chosen.partial ? 'a part of the suites; traffic never moves forward on that' : 'all suites'}.`,
    markdownTable(['suite', 'phase', 'selected', 'gate', 'because'], rows),
    bullets(
      `Selection SHA-256 ${codeSpan(chosen.sha256)}`,
      run.thresholdsSha256 !== null &&
        `Thresholds, fixed before the first test: SHA-256 ${codeSpan(run.thresholdsSha256)}`,
      run.configSha256 !== null &&
        cited(`Configuration as it was resolved: SHA-256 ${codeSpan(run.configSha256)}`, config),
    ),
  );
}

function gate(record: RunRecord, suite: string): string | null {
  for (const phase of record.phases) {
    const found = phase.suites.find((one) => one.name === suite);
    if (found) return gateWords(found, phase.thresholdPermille);
  }
  return null;
}

/** `100 %`, or the phase's gate where that judges. */
export function gateWords(suite: SuiteResult, phasePermille: number | null): string {
  if (suite.judgedBy === 'suite') return percent(suite.thresholdPermille);
  return `${percent(phasePermille ?? suite.thresholdPermille)} by phase`;
}
