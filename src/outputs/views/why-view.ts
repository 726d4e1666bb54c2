import type { Cause, RunRecord, Why } from '../../core/record.ts';
import { actionWords, fixesOf, place, publishedAbout, publishedNoun } from '../facts/cause-links.ts';
import { notKnown, reasonsShown } from '../facts/cause-words.ts';
import { controlWords } from '../facts/control-words.ts';
import { fixSentence } from '../facts/fix-words.ts';
import { runReason, runStatus } from '../facts/run-status.ts';
import { textTable } from './text-table.ts';

/** A cause by its fingerprint, or by the number of an issue or pull request about it; null for all causes of the run. */
export type WhyAbout = { readonly cause: string } | { readonly number: number } | null;

/** `loop why`: issue ↔ cause ↔ suspects ↔ fix ↔ pull request ↔ revision, each link with its evidence. */
export function whyView(record: RunRecord, about: WhyAbout = null): string {
  const causes = record.causes.filter((cause) => isAbout(record, cause, about));
  const title = textTable([[`run ${record.run.id}`, runStatus(record), runReason(record)]]);
  if (causes.length === 0) return `${title}\n\n${noCause(record, about)}\n`;
  const cited = causes.flatMap((cause) => idsOf(record, cause));
  return `${[title, ...causes.map((cause) => causeText(record, cause)), evidenceText(record, cited)].join('\n\n')}\n`;
}

function isAbout(record: RunRecord, cause: Cause, about: WhyAbout): boolean {
  if (about === null) return true;
  if ('cause' in about) return cause.fingerprint === about.cause;
  return publishedAbout(record, cause).some((one) => one.number === about.number);
}

function noCause(record: RunRecord, about: WhyAbout): string {
  const known = record.causes.map((cause) => cause.fingerprint).join(', ');
  if (about === null || known === '') return 'This run holds no cause.';
  return `This run holds no such cause. It has: ${known}`;
}

function causeText(record: RunRecord, cause: Cause): string {
  const rows: (readonly [string, string, string])[] = [
    ['cause', `${cause.fingerprint} ${cause.class}: ${cause.title}`, ''],
    ...publishedAbout(record, cause).map(
      (one) => [publishedNoun[one.kind], `#${one.number} ${actionWords(one)}: ${one.url}`, ''] as const,
    ),
    ...controlsOf(record, cause).map((one) => ['control', controlLine(one), ids(one.evidence)] as const),
    ...cause.whys.map((why, index) => [`why ${index + 1}`, whyLine(why), ids(why.evidence)] as const),
    [
      'survived',
      cause.survived === null ? 'unknown: nobody looked' : whyLine(cause.survived),
      ids(cause.survived?.evidence ?? []),
    ],
    ...cause.suspects.map((one) => ['suspect', suspectLine(one), ''] as const),
    ...fixesOf(record, cause).flatMap((fix) => fixRows(fix)),
    ...revisionsOf(record, cause),
  ];
  return textTable(
    rows.map(([label, text, proof], index) => [
      label === rows[index - 1]?.[0] ? '' : label,
      proof === '' ? text : `${text}  [${proof}]`,
    ]),
  );
}

function controlsOf(record: RunRecord, cause: Cause): RunRecord['control'] {
  return record.control.filter((one) => cause.tests.includes(`${one.suite}: ${one.test}`));
}

function controlLine(one: RunRecord['control'][number]): string {
  return `${one.test}: candidate ${one.candidate?.runs ?? 'none'}, reference ${one.reference?.runs ?? 'none'}; ${controlWords[one.means]}`;
}

function whyLine(why: Why): string {
  const status = why.evidence.length === 0 ? 'unknown' : why.status;
  if (status === 'unknown' && notKnown(why.claim)) return `${why.question} unknown`;
  return `${why.question} ${status === 'supported' ? '' : `${status}: `}${why.claim}`;
}

function suspectLine(one: Cause['suspects'][number]): string {
  const where = place(one);
  return `${one.commit.slice(0, 12)}${where === null ? '' : ` ${where}`} ${one.title}: ${reasonsShown(one.reasons).join('; ')}`;
}

function fixRows(fix: RunRecord['fixes'][number]): (readonly [string, string, string])[] {
  const proof = fix.proof;
  const commit = fix.commit === null ? 'no commit' : fix.commit.slice(0, 12);
  return [
    ['fix', `${fix.branch} ${commit}: ${fixSentence(fix)}`, ids(proof?.evidence ?? fix.evidence)],
    ...(proof === null ? [] : [['proven on', `base ${proof.base.revision}, fix ${proof.fix.revision}`, ''] as const]),
  ];
}

function revisionsOf(record: RunRecord, cause: Cause): (readonly [string, string, string])[] {
  return record.deployments
    .filter((one) => cause.services.includes(one.service))
    .map((one) => [
      'revision',
      `${one.service} ${one.role} ${one.revision ?? 'none'}, commit ${one.commit?.slice(0, 12) ?? 'unknown'}`,
      ids(one.evidence),
    ]);
}

function idsOf(record: RunRecord, cause: Cause): string[] {
  return [
    ...controlsOf(record, cause).flatMap((one) => one.evidence),
    ...[...cause.whys, ...(cause.survived ? [cause.survived] : [])].flatMap((why) => why.evidence),
    ...fixesOf(record, cause).flatMap((fix) => fix.proof?.evidence ?? fix.evidence),
    ...record.deployments.filter((one) => cause.services.includes(one.service)).flatMap((one) => one.evidence),
  ];
}

function evidenceText(record: RunRecord, cited: readonly string[]): string {
  const rows = record.evidence
    .filter((one) => cited.includes(one.id))
    .map((one) => [one.id, one.path, `${one.kind}: ${one.source}`]);
  return rows.length === 0 ? 'No evidence is cited.' : textTable(rows);
}

function ids(list: readonly string[]): string {
  return list.join(' ');
}
