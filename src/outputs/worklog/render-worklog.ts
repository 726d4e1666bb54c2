import type { RunRecord } from '../../core/record.ts';
import { causes } from './causes.ts';
import { citations } from './citations.ts';
import { control } from './control.ts';
import { deployments } from './deployments.ts';
import { evidence } from './evidence.ts';
import { executionLog } from './execution-log.ts';
import { fixes } from './fixes.ts';
import { header } from './header.ts';
import { health } from './health.ts';
import { impact } from './impact.ts';
import { knownBefore } from './known-before.ts';
import { logs } from './logs.ts';
import { published } from './published.ts';
import { results } from './results.ts';
import type { Section } from './section.ts';
import { selection } from './selection.ts';
import { summary } from './summary.ts';

/** The order of the design, section 9. */
const sections: readonly (readonly [title: string, section: Section])[] = [
  ['Summary', summary],
  ['What was known before', knownBefore],
  ['Deployments', deployments],
  ['Health', health],
  ['Selection and thresholds', selection],
  ['Results', results],
  ['Control', control],
  ['Logs', logs],
  ['Five whys', causes],
  ['Fix and proof', fixes],
  ['Published', published],
  ['Impact', impact],
  ['Evidence', evidence],
  ['Execution log', executionLog],
];

/** worklog.md: the record for people. Pure; every line is computed from the record, and text from outside cannot act in it. */
export function renderWorklog(record: RunRecord): string {
  const { cite, definitions } = citations(record);
  const texts = sections.map(([title, section]) => `## ${title}\n\n${section(record, cite)}`);
  return `${[header(record, cite), ...texts, definitions].filter((text) => text !== '').join('\n\n')}\n`;
}
