import { codeSpan, inlineText } from '../../core/markdown-text.ts';
import type { RunRecord } from '../../core/record.ts';
import { exitWords } from '../facts/exit-words.ts';
import { lasted, utcTime } from '../facts/instant.ts';
import { capital, runReason, runStatus } from '../facts/run-status.ts';
import { servingNow } from '../facts/serving-now.ts';
import { verdictEvidence } from '../facts/verdict-evidence.ts';
import type { Cite } from './citations.ts';
import { prose } from './prose.ts';
import { linkNumbers, publishedPhrase } from './published.ts';
import { bullets, cited } from './section.ts';

/** The first lines: all that somebody needs who was woken up by this run. */
export function header(record: RunRecord, cite: Cite): string {
  const { run } = record;
  return [
    `# ${capital(inlineText(runStatus(record)))} · ${inlineText(run.pipeline)} on ${inlineText(run.environment)}`,
    '',
    `Created ${utcTime(run.startedAt)} · focus ${inlineText(focusWords(record))} · environment ${inlineText(run.environment)} (level ${run.level}) · command ${codeSpan(run.command)}`,
    '',
    bullets(
      ...record.overrides.map((one) => `**Override:** ${prose(one)}`),
      `**Verdict:** ${inlineText(runStatus(record))} · ${cited(prose(runReason(record)), cite(verdictEvidence(record), 6))}`,
      record.verdict !== null &&
        record.verdict.thinBecause.length > 0 &&
        `**Thin, because:** ${record.verdict.thinBecause.map(prose).join('; ')}`,
      `**Serves now:** ${serving(record, cite)}`,
      `**Published:** ${record.published.map(publishedPhrase).join(' · ') || 'nothing'}`,
      `**Next:**${linkNumbers(record, next(record))}`,
      `**Run:** ${codeSpan(run.id)}, ${ending(record)}`,
    ),
  ].join('\n');
}

function focusWords(record: RunRecord): string {
  return record.run.focus.join(' ') || 'all';
}

function serving(record: RunRecord, cite: Cite): string {
  const lines = servingNow(record).map(({ service, revisions, proven, evidence }) => {
    if (revisions === null) return `${inlineText(service)}: not known`;
    const text = `${inlineText(service)} ${codeSpan(revisions)}`;
    return cited(proven ? text : `${text} (asked for, not read back)`, cite(evidence, 2));
  });
  return lines.join(' · ') || 'not read';
}

function next(record: RunRecord): string {
  const lines = record.next.map(
    ({ what, who, because }) => `${who === 'person' ? 'you:' : 'loop:'} ${prose(what)}, because ${prose(because)}`,
  );
  if (lines.length < 2)
    return ` ${lines[0] ?? (record.run.state === 'running' ? 'known when the run ends' : 'nothing to do')}`;
  return ['', ...lines.map((line) => `  - ${line}`)].join('\n').trimEnd();
}

function ending(record: RunRecord): string {
  const { run } = record;
  const words = [
    run.state === 'finished' ? `finished ${run.endedAt === null ? '' : utcTime(run.endedAt)}`.trim() : run.state,
    run.state === 'finished' && run.endedAt !== null ? `after ${lasted(run.startedAt, run.endedAt)}` : null,
    run.exitCode === null ? null : `exit code ${inlineText(exitWords(run.exitCode, record.verdict?.value ?? null))}`,
    run.outcome === 'none' ? null : `outcome ${run.outcome}`,
    run.head === null
      ? null
      : `HEAD ${codeSpan(run.head.slice(0, 12))}${run.ref === null ? '' : ` (${inlineText(run.ref)})`}`,
  ];
  return words.filter((word) => word !== null).join(', ');
}
