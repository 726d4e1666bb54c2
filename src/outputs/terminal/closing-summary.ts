import { join } from 'node:path';
import type { LoopEventRecord } from '../../core/events.ts';
import type { RunRecord } from '../../core/record.ts';
import type { Verdict } from '../../core/words.ts';
import { actionWords, publishedNoun } from '../facts/cause-links.ts';
import { exitWords } from '../facts/exit-words.ts';
import { fellShort, rungWords } from '../facts/ladder-words.ts';
import { problemWords } from '../facts/problem-words.ts';
import { runReason, runStatus } from '../facts/run-status.ts';
import { servingNow } from '../facts/serving-now.ts';
import { terminalLine } from '../terminal-line.ts';
import { padEnd } from '../text-width.ts';
import type { Colors } from './color.ts';
import { type LineStyle, wrapped } from './stage-line.ts';

type RunEnded = Extract<LoopEventRecord, { type: 'run-ended' }>;

const labelWidth = 'thin because '.length;

/** The last lines: verdict and reason, what serves, what was published, what to do next, where to read, the exit code. */
export function closingSummary(
  { ended, record, folder }: { ended: RunEnded; record: RunRecord | null; folder: string },
  style: LineStyle,
): string {
  const rows: (readonly [label: string, text: string])[] = [
    ...(record ? rowsOf(record) : []),
    ['worklog', join(folder, 'worklog.md')],
    ['exit code', exitWords(ended.exitCode, ended.verdict)],
  ];
  const status = record ? runStatus(record) : (ended.verdict ?? ended.state);
  const told = ended.reason === '' || ended.reason === ended.state;
  const reason = record?.verdict || told ? (record ? runReason(record) : '') : ended.reason;
  const title = paint(ended.verdict, style.colors)(style.colors.bold(terminalLine(status)));
  const lines = rows.map(([label, text], index) => {
    const shown = label === rows[index - 1]?.[0] ? '' : label;
    return `  ${style.colors.dim(padEnd(shown, labelWidth))}${wrapped(terminalLine(text), labelWidth + 2, style)}`;
  });
  return ['', `${title}  ${wrapped(terminalLine(reason), 4, style)}`, ...lines, ''].join('\n');
}

function rowsOf(record: RunRecord): (readonly [string, string])[] {
  return [
    ...record.overrides.map((text) => ['override', text] as const),
    ...(record.verdict?.thinBecause ?? []).map((text) => ['thin because', text] as const),
    ...record.problems.map((one) => ['problem', problemWords(one)] as const),
    ...record.deployments
      .filter(fellShort)
      .map((one) => ['deployed', `${one.service}: ${one.revision} is ${rungWords(one)}`] as const),
    ...servingNow(record).map(({ service, revisions, proven }) => {
      const words = revisions === null ? 'not known' : `${revisions}${proven ? '' : ' (asked for, not read back)'}`;
      return ['serves now', `${service}: ${words}`] as const;
    }),
    ...record.published.map(
      (one) => ['published', `${publishedNoun[one.kind]} #${one.number} ${actionWords(one)}: ${one.url}`] as const,
    ),
    ...record.next.map(
      ({ what, who, because }) => ['next', `${who === 'person' ? 'you' : 'loop'}: ${what} (${because})`] as const,
    ),
  ];
}

function paint(verdict: Verdict | null, colors: Colors): (text: string) => string {
  switch (verdict) {
    case 'GO':
      return colors.green;
    case 'NO-GO':
      return colors.red;
    case 'INVALID':
    case 'BLOCKED':
      return colors.yellow;
    case null:
      return (text) => text;
  }
}
