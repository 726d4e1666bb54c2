import { counted } from '../../core/count-words.ts';
import { codeSpan, inlineText } from '../../core/markdown-text.ts';
import type { RunRecord } from '../../core/record.ts';
import { place, publishedAbout } from '../facts/cause-links.ts';
import { controlSentences } from '../facts/control-words.ts';
import { fixSentence } from '../facts/fix-words.ts';
import { utcTime } from '../facts/instant.ts';
import { stageTitle } from '../facts/stage-title.ts';
import { causeAnchor } from './causes.ts';
import type { Cite } from './citations.ts';
import { prose } from './prose.ts';
import { publishedPhrase } from './published.ts';
import { blocks, bullets, cited } from './section.ts';

/** The run as a handful of sentences; each names the proof of its figures. */
export function summary(record: RunRecord, cite: Cite): string {
  return blocks(
    bullets(
      ...record.problems.map(problemLine),
      tested(record, cite),
      ...controlSentences(record.control).map((text) => controlled(record, text, cite)),
      ...record.causes.map((cause) => causeLine(record, cause)),
      ...record.fixes.map((fix) =>
        cited(`Fix ${codeSpan(fix.branch)}: ${prose(fixSentence(fix))}`, cite(fix.proof?.evidence ?? fix.evidence)),
      ),
      ...record.trafficMoves.map((move) =>
        cited(`Traffic of ${prose(`${move.service} ${movedWords(move)}: ${move.why}`)}`, cite(move.evidence)),
      ),
      ...record.foreignChanges.map((one) =>
        cited(
          `${one.by === null ? 'Someone else' : `Someone else (${prose(one.by)})`} changed ${prose(`${one.service}, seen at ${utcTime(one.at)}: ${one.what}`)}`,
          cite(one.evidence),
        ),
      ),
      ...record.run.limitsHit.map((limit) => `Limit reached: ${prose(limit)}`),
    ),
    cycles(record),
  );
}

function movedWords({ from, to, percent }: RunRecord['trafficMoves'][number]): string {
  if (from === to) return `stays with ${to}`;
  return percent === 100 ? `went from ${from} to ${to}` : `went with ${percent} % from ${from} to ${to}`;
}

function problemLine({ stage, code, message, hint }: RunRecord['problems'][number]): string {
  const what = `**Problem** while ${inlineText(stageTitle(stage))} (${inlineText(code)}): ${prose(message)}`;
  return hint === null ? what : `${what}. Hint: ${prose(hint)}`;
}

function tested(record: RunRecord, cite: Cite): string {
  const { totals } = record;
  if (totals.selected === 0) return record.run.state === 'running' ? 'No test has ended yet.' : 'No test was run.';
  const red = [
    totals.failed > 0 && `${totals.failed} failed`,
    totals.errored > 0 && `${totals.errored} errored`,
    totals.skipped > 0 && `${totals.skipped} skipped`,
    totals.notRun > 0 && `${totals.notRun} not run`,
  ].filter((words) => words !== false);
  const suites = record.phases.flatMap((phase) => phase.suites);
  const proof = cite([...new Set(suites.flatMap((suite) => suite.evidence))], 8);
  const unproven = suites.filter((suite) => suite.verdict === 'INVALID' || suite.verdict === 'BLOCKED').length;
  const doubt = unproven === 0 ? '' : `; ${counted(unproven, 'suite')} of these cannot be believed, see Results`;
  const rest = red.length === 0 ? '' : `, ${red.join(', ')}`;
  return cited(
    `${counted(totals.selected, 'test')} selected, ${totals.executed} executed in ${counted(suites.length, 'suite')}: ${totals.passed} passed${rest}${doubt}.`,
    proof,
  );
}

function controlled(record: RunRecord, text: string, cite: Cite): string {
  return cited(`Control run: ${text}.`, cite(record.control.flatMap((one) => one.evidence)));
}

function causeLine(record: RunRecord, cause: RunRecord['causes'][number]): string {
  const suspect = cause.suspects[0];
  const where = suspect && place(suspect);
  const who = suspect
    ? `; first suspect ${codeSpan(suspect.commit.slice(0, 12))}${where ? ` at ${codeSpan(where)}` : ''}`
    : '; nobody is suspected';
  const about = publishedAbout(record, cause).map(publishedPhrase).join(' · ');
  return `Cause ${causeAnchor(cause)}: ${prose(cause.title)} (${cause.class})${who}${about === '' ? '' : ` → ${about}`}`;
}

function cycles(record: RunRecord): string | null {
  if (record.run.cycles.length < 2) return null;
  return bullets(
    ...record.run.cycles.map(
      (cycle) =>
        `Cycle ${cycle.n}, ended ${utcTime(cycle.endedAt)}: ${cycle.verdict ?? 'no verdict'}. ${prose(cycle.reason)}`,
    ),
  );
}
