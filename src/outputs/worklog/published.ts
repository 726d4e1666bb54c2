import { codeSpan, inlineText } from '../../core/markdown-text.ts';
import type { Published, RunRecord } from '../../core/record.ts';
import { actionWords, publishedNoun } from '../facts/cause-links.ts';
import { utcTime } from '../facts/instant.ts';
import { prose } from './prose.ts';
import { blocks, bullets, nothing } from './section.ts';
import { webLink } from './web-link.ts';

export function published(record: RunRecord): string {
  const lines = record.published.map(
    (one) =>
      `${publishedPhrase(one)}: ${inlineText(one.title)}; ${linkNumbers(record, prose(one.because))} (key ${codeSpan(one.key)})`,
  );
  const approvals = record.approvals.map((one) => `${utcTime(one.at)}: ${inlineText(one.what)} ${one.decision}`);
  if (lines.length > 0 || approvals.length > 0) return blocks(bullets(...lines), bullets(...approvals));
  return nothing(record, 'publishing', 'Nothing was published.');
}

/** `issue [#1](…) created`. */
export function publishedPhrase(one: Published): string {
  return `${publishedNoun[one.kind]} ${webLink(`#${one.number}`, one.url)} ${actionWords(one)}`;
}

/** Makes the numbers of what this run published links again, in text that is inert already. */
export function linkNumbers(record: RunRecord, markdown: string): string {
  return markdown.replace(/#&#8203;(\d+)\b/g, (inert: string, number: string) => {
    const found = record.published.find((one) => String(one.number) === number);
    const link = webLink(`#${number}`, found?.url ?? '');
    return link.startsWith('[') ? link : inert;
  });
}
