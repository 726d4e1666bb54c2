import { counted } from '../../core/count-words.ts';
import { codeSpan, inlineText } from '../../core/markdown-text.ts';
import type { Cause, RunRecord, Suspect, Why } from '../../core/record.ts';
import { place } from '../facts/cause-links.ts';
import { notKnown, reasonsShown } from '../facts/cause-words.ts';
import type { Cite } from './citations.ts';
import { markdownTable } from './markdown-table.ts';
import { prose } from './prose.ts';
import { blocks, bullets, cited, nothing } from './section.ts';

/** The five whys of each cause. A claim without evidence is unknown, whatever else the record says about it. */
export function causes(record: RunRecord, cite: Cite): string {
  if (record.causes.length > 0) return blocks(...record.causes.map((cause) => causeText(cause, cite)));
  if (record.verdict?.value === 'GO' && record.run.state !== 'running') return 'No cause: nothing was red.';
  return nothing(record, 'diagnosing', 'No cause was found.');
}

export function causeAnchor(cause: Pick<Cause, 'fingerprint'>): string {
  return codeSpan(cause.fingerprint);
}

function causeText(cause: Cause, cite: Cite): string {
  return blocks(
    `### ${prose(cause.title)}`,
    `Cause ${causeAnchor(cause)} · class ${cause.class}${cause.priority === null ? '' : ` · ${cause.priority}`}${cause.suite === null ? '' : ` · suite ${inlineText(cause.suite)}`}${cause.services.length === 0 ? '' : ` · ${cause.services.map((one) => inlineText(one)).join(', ')}`}`,
    cause.tests.length > 0 &&
      `${counted(cause.tests.length, 'test')}: ${cause.tests.map((one) => inlineText(one)).join(' · ')}`,
    cause.whys.map((why, index) => `${index + 1}. ${whyLine(why, cite)}`).join('\n'),
    `**Why did it survive testing?** ${cause.survived === null ? '*Unknown:* nobody looked.' : whyAnswer(cause.survived, cite)}`,
    suspects(cause.suspects),
    bullets(
      ...cause.rejected.map((text) => `Rejected: ${prose(text)}`),
      ...cause.prevention.map((text) => `Prevention: ${prose(text)}`),
      ...cause.options.map(optionLine),
    ),
  );
}

function whyLine(why: Why, cite: Cite): string {
  return `**${prose(why.question)}** ${whyAnswer(why, cite)}`;
}

function whyAnswer(why: Why, cite: Cite): string {
  if (why.evidence.length === 0 || why.status === 'unknown') {
    return cited(notKnown(why.claim) ? '*Unknown.*' : `*Unknown:* ${prose(why.claim)}`, cite(why.evidence));
  }
  return cited(`${why.status === 'refuted' ? '*Refuted:* ' : ''}${prose(why.claim)}`, cite(why.evidence));
}

function suspects(list: readonly Suspect[]): string {
  if (list.length === 0) return 'No suspects.';
  const head = ['', 'commit', 'score', 'where', 'title', 'because'];
  const rows = list.map((one, index) => {
    const where = place(one);
    return [
      String(index + 1),
      codeSpan(one.commit.slice(0, 12)),
      String(Math.round(one.score * 100) / 100),
      where === null ? '-' : codeSpan(where),
      inlineText(one.title, 80),
      reasonsShown(one.reasons).map(prose).join('; '),
    ];
  });
  return `Suspects, the likeliest first:\n\n${markdownTable(head, rows)}`;
}

function optionLine(option: Cause['options'][number]): string {
  const time = option.measuredMinutes === null ? 'time not measured' : `measured ${option.measuredMinutes} min`;
  return `Option${option.recommended ? ' (recommended)' : ''}: ${prose(option.what)}; loses ${prose(option.loses)}; ${time}`;
}
