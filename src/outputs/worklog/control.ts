import { counted } from '../../core/count-words.ts';
import { codeSpan, inlineText } from '../../core/markdown-text.ts';
import type { Control, RunRecord } from '../../core/record.ts';
import { controlWords, failedRuns } from '../facts/control-words.ts';
import { capital, reached } from '../facts/run-status.ts';
import type { Cite } from './citations.ts';
import { markdownTable } from './markdown-table.ts';
import { blocks, bullets, cited, nothing } from './section.ts';

const testsMax = 25;

/** The two by two table of each suite, then each test's own vectors. */
export function control(record: RunRecord, cite: Cite): string {
  if (record.control.length > 0) return blocks(...groups(record.control).map((group) => groupText(group, cite)));
  const red = record.phases.some((phase) => phase.suites.some((suite) => suite.tests.length > 0));
  const over = reached(record, 'testing') && record.run.state !== 'running';
  if (!red && over && !reached(record, 'controlling')) return 'No control run: nothing was red.';
  return nothing(record, 'controlling', 'The control run gave no result.');
}

function groups(controls: readonly Control[]): Control[][] {
  const byKey = new Map<string, Control[]>();
  for (const one of controls) {
    const key = JSON.stringify([one.suite, one.means, one.candidate?.revision, one.reference?.revision]);
    byKey.set(key, [...(byKey.get(key) ?? []), one]);
  }
  return [...byKey.values()];
}

function groupText(group: readonly Control[], cite: Cite): string {
  const [first] = group;
  if (!first) return '';
  const shown = group.slice(0, testsMax);
  const evidence = [...new Set(group.flatMap((one) => one.evidence))];
  return blocks(
    cited(`**${inlineText(first.suite)}:** ${capital(controlWords[first.means])}.`, cite(evidence)),
    markdownTable(['', 'revision', 'failed', 'passed'], [sideRow('candidate', group), sideRow('reference', group)]),
    markdownTable(
      ['first', 'candidate', 'reference', 'evidence', 'test'],
      shown.map((one) => [
        one.first,
        one.candidate?.runs ?? 'none',
        one.reference?.runs ?? 'none',
        cite(one.evidence),
        inlineText(one.test),
      ]),
    ),
    bullets(
      group.length > testsMax && `and ${counted(group.length - testsMax, 'more test')}, all in run.json`,
      ...notes(group),
    ),
  );
}

/** Each note once: with its test, or with how many tests it is about. */
function notes(group: readonly Control[]): string[] {
  const tests = new Map<string, string[]>();
  for (const { note, test } of group) if (note !== null) tests.set(note, [...(tests.get(note) ?? []), test]);
  return [...tests].map(([note, [only = '', ...others]]) => {
    const about = others.length === 0 ? inlineText(only) : counted(others.length + 1, 'test');
    return `${about}: ${inlineText(note)}`;
  });
}

function sideRow(side: 'candidate' | 'reference', group: readonly Control[]): string[] {
  const runs = group.map((one) => one[side]?.runs ?? '').join('');
  const revision = group[0]?.[side]?.revision;
  const failed = failedRuns(runs);
  return [
    side,
    revision === undefined ? 'none' : codeSpan(revision),
    runs === '' ? '-' : `${failed} of ${runs.length}`,
    runs === '' ? '-' : `${runs.length - failed} of ${runs.length}`,
  ];
}
