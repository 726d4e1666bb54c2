import { codeSpan, inlineText } from '../../core/markdown-text.ts';
import type { RunRecord } from '../../core/record.ts';
import { ageWords, utcTime } from '../facts/instant.ts';
import { blocks, bullets, nothing } from './section.ts';

/** What the run was told before it did anything: its own past and what is open at the forge. */
export function knownBefore(record: RunRecord): string {
  const { lastRuns, recentPulls, baselines } = record.context;
  // They are asked for again when something is published: what this run opened was not known before it.
  const opened = new Set(record.published.filter(isOpened).map(({ number }) => number));
  const openIssues = record.context.openIssues.filter(({ number }) => !opened.has(number));
  const text = blocks(
    bullets(
      lastRuns.length > 0 &&
        `Earlier runs: ${lastRuns
          .map(
            (one) =>
              `${codeSpan(one.run)} ${one.verdict ?? 'no verdict'}${one.endedAt === null ? '' : ` (${utcTime(one.endedAt)})`}`,
          )
          .join(' · ')}`,
      ...openIssues.map((one) => `Issue #${one.number} is open: ${inlineText(one.title)}. In this run: ${one.state}`),
      ...recentPulls.map((one) => `Pull request #${one.number} is ${one.state}: ${inlineText(one.title)}`),
      ...baselines.map(
        (one) => `Baseline of ${inlineText(one.suite)}: run ${codeSpan(one.run)}, ${ageWords(one.ageSeconds)} old`,
      ),
    ),
  );
  return text || nothing(record, 'preparing', 'Nothing: the first run, no open issue, no open pull request.');
}

function isOpened({ kind, action }: RunRecord['published'][number]): boolean {
  return kind === 'issue' && action === 'created';
}
