import { counted } from '../../core/count-words.ts';
import { percent } from '../../core/judge-phase.ts';
import { codeSpan, inlineText } from '../../core/markdown-text.ts';
import type { RunRecord, SuiteResult } from '../../core/record.ts';
import type { Cite } from './citations.ts';
import { markdownTable } from './markdown-table.ts';
import { prose } from './prose.ts';
import { blocks, bullets, cited, nothing } from './section.ts';

const testsShown = 5;
const pathsShown = 10;

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
      ...chosen.suites.map((one) => narrowedLine(one)),
      ...orderLines(chosen.suites),
      chosen.impact !== null && changeLine(chosen.impact),
      cited(`Selection SHA-256 ${codeSpan(chosen.sha256)}`, cite(chosen.evidence)),
      run.thresholdsSha256 !== null &&
        `Thresholds, fixed before the first test: SHA-256 ${codeSpan(run.thresholdsSha256)}`,
      run.configSha256 !== null &&
        cited(`Configuration as it was resolved: SHA-256 ${codeSpan(run.configSha256)}`, config),
    ),
  );
}

type Chosen = NonNullable<RunRecord['selection']>;

function narrowedLine({ name, tests }: Chosen['suites'][number]): string | false {
  if (tests === null) return false;
  const shown = tests.slice(0, testsShown).map((test) => inlineText(test));
  const more = tests.length - shown.length;
  return `${inlineText(name)} runs only ${counted(tests.length, 'test')}: ${shown.join(' · ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Of each phase with a choice: what runs first, and why. */
function orderLines(suites: Chosen['suites']): string[] {
  const phases = [...new Set(suites.map(({ phase }) => phase))];
  return phases.flatMap((phase) => {
    const ordered = suites
      .flatMap((one) => (one.phase === phase && one.order !== null ? [{ name: one.name, ...one.order }] : []))
      .toSorted((one, other) => one.place - other.place);
    // One reason for all of them tells nothing.
    if (new Set(ordered.map(({ because }) => because)).size < 2) return [];
    return [
      `Order in ${inlineText(phase)}: ${ordered.map((one) => `${inlineText(one.name)} (${prose(one.because)})`).join(', ')}`,
    ];
  });
}

function changeLine({ from, to, paths, more, uncovered, unknown }: NonNullable<Chosen['impact']>): string {
  if (unknown !== null) return `What changed is not known, so that every suite was selected: ${prose(unknown)}`;
  const serves = Object.entries(from).map(
    ([service, commit]) => `${inlineText(service)} ${codeSpan(commit?.slice(0, 12) ?? 'unknown')}`,
  );
  const shown = paths.slice(0, pathsShown).map((path) => codeSpan(path));
  const left = paths.length + more - shown.length;
  const list = shown.length === 0 ? 'nothing' : `${shown.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
  return `Changed between what served (${serves.join(', ')}) and HEAD ${codeSpan(to?.slice(0, 12) ?? 'unknown')}: ${list}${uncovered === 0 ? '' : `; no suite covers ${uncovered} of them`}`;
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
