import { counted, grouped } from '../../core/count-words.ts';
import { codeSpan, fenced, inlineText } from '../../core/markdown-text.ts';
import type { LogCluster, Logs, RunRecord } from '../../core/record.ts';
import { utcTime } from '../facts/instant.ts';
import type { Cite } from './citations.ts';
import { markdownTable } from './markdown-table.ts';
import { prose } from './prose.ts';
import { blocks, bullets, cited, nothing } from './section.ts';

const clustersMax = 20;
const order: readonly LogCluster['status'][] = ['new', 'persisting', 'known', 'gone'];

export function logs(record: RunRecord, cite: Cite): string {
  const { logs: read } = record;
  if (read === null) return nothing(record, 'readingLogs', 'The logs were not read.');
  return blocks(
    read.unreadable !== null &&
      cited(
        `**The logs could not be read:** ${prose(read.unreadable)}. Nothing is said about their content.`,
        cite(read.evidence),
      ),
    read.unreadable === null && bullets(...windowLines(read, cite)),
    read.filter !== '' && fenced(read.filter),
    read.unreadable === null && clusterText(read, cite),
  );
}

function windowLines({ window, truncated, entries, clusters, evidence }: Logs, cite: Cite): (string | false)[] {
  const { requested, covered } = window;
  return [
    cited(counted(entries, 'entry', 'entries'), cite(evidence)),
    clusters.length > 0 && grouping(clusters, entries),
    `Asked for ${utcTime(requested.from)} to ${utcTime(requested.to)}`,
    covered === null ? 'Covered: nothing' : `Covered ${utcTime(covered.from)} to ${utcTime(covered.to)}`,
    truncated && '**Truncated:** a limit cut the answer; nothing is said about the time that is not covered',
  ];
}

/** Groups are made of messages; the whole answer holds requests, audit entries and both revisions. */
function grouping(clusters: Logs['clusters'], entries: number): string {
  const inGroups = clusters.reduce((sum, cluster) => sum + cluster.count, 0);
  const rest = entries > inGroups ? '; the others are requests, audit entries and what the reference logged' : '';
  return `${counted(inGroups, 'entry', 'entries')} in the ${counted(clusters.length, 'group')} below${rest}`;
}

function clusterText({ clusters, entries }: Logs, cite: Cite): string {
  if (clusters.length === 0) return entries === 0 ? 'No entry, so no cluster.' : 'No error was found in these entries.';
  const sorted = [...clusters].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status) || b.count - a.count);
  const head = ['status', 'severity', 'service', 'count', 'boots', 'first', 'last', 'evidence', 'what'];
  const rows = sorted
    .slice(0, clustersMax)
    .map((one) => [
      one.status,
      inlineText(one.severity),
      inlineText(one.service),
      grouped(one.count),
      grouped(one.boots),
      utcTime(one.firstAt),
      utcTime(one.lastAt),
      cite(one.evidence, 3),
      `${codeSpan(one.template)}${one.root === null ? '' : `, root: ${prose(one.root)}`}`,
    ]);
  const more = sorted.length - rows.length;
  return blocks(markdownTable(head, rows), more > 0 && `and ${counted(more, 'more cluster')}, all in run.json`);
}
