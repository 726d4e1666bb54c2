import { sumCounts } from '../../core/counts.ts';
import { percent, rateSentence } from '../../core/judge-phase.ts';
import type { PhaseResult, RunRecord } from '../../core/record.ts';
import { actionWords, publishedNoun } from '../facts/cause-links.ts';
import { controlSentences } from '../facts/control-words.ts';
import { exitWords } from '../facts/exit-words.ts';
import { fixSentence } from '../facts/fix-words.ts';
import { lasted, utcTime } from '../facts/instant.ts';
import { rungWords } from '../facts/ladder-words.ts';
import { problemWords } from '../facts/problem-words.ts';
import { runReason, runStatus } from '../facts/run-status.ts';
import { servingNow } from '../facts/serving-now.ts';
import { textTable } from './text-table.ts';

/** `loop status`: where one run stands, on one screen. */
export function statusView(record: RunRecord): string {
  const { run } = record;
  const took = lasted(run.startedAt, run.endedAt);
  const rows: (readonly [string, string])[] = [
    ['run', `${run.id}, ${run.command}`],
    ['status', runStatus(record)],
    ['reason', runReason(record)],
    ...record.overrides.map((text) => ['override', text] as const),
    ...(record.verdict?.thinBecause ?? []).map((text) => ['thin because', text] as const),
    ['started', `${utcTime(run.startedAt)}${took === null ? '' : `, took ${took}`}`],
    ['on', `${run.environment}, pipeline ${run.pipeline}, level ${run.level}`],
    ...record.problems.map((one) => ['problem', problemWords(one)] as const),
    ...record.deployments.map(
      (one) => ['deployed', `${one.service} ${one.role} ${one.revision ?? 'none'}: ${rungWords(one)}`] as const,
    ),
    ...record.phases.map((phase) => ['phase', phaseWords(phase)] as const),
    ...controlSentences(record.control).map((text) => ['control', text] as const),
    ...record.causes.map((cause) => ['cause', `${cause.fingerprint} ${cause.class}: ${cause.title}`] as const),
    ...record.fixes.map((fix) => ['fix', fixSentence(fix)] as const),
    ...servingNow(record).map((one) => ['serves', `${one.service}: ${one.revisions ?? 'not known'}`] as const),
    ...record.published.map(
      (one) => ['published', `${publishedNoun[one.kind]} #${one.number} ${actionWords(one)}: ${one.url}`] as const,
    ),
    ...record.run.limitsHit.map((limit) => ['limit', limit] as const),
    ...record.next.map(
      (one) => ['next', `${one.who === 'person' ? 'you' : 'loop'}: ${one.what} (${one.because})`] as const,
    ),
    ...(run.exitCode === null ? [] : [['exit code', exitWords(run.exitCode, record.verdict?.value ?? null)] as const]),
  ];
  return `${textTable(rows.map(([label, text], index) => [label === rows[index - 1]?.[0] ? '' : label, text]))}\n`;
}

function phaseWords(phase: PhaseResult): string {
  if (phase.suites.length === 0) return `${phase.name}: ${phase.reason}`;
  const gate = phase.thresholdPermille === null ? 'gates of its suites' : `gate ${percent(phase.thresholdPermille)}`;
  const rate = rateSentence(sumCounts(phase.suites.map((suite) => suite.counts)));
  return `${phase.name} ${phase.verdict ?? 'not run'}: ${rate}, ${gate}`;
}
