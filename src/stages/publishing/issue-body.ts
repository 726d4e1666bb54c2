import { bootWords, lastEntriesBlock } from '../../core/boot-words.ts';
import { codeSpan, inlineText } from '../../core/markdown-text.ts';
import type { Cause, Control, RunRecord } from '../../core/record.ts';

const overrideCharsMax = 900;

/** What a person who opens the issue needs: what is red, that it is this revision, the suspect, the whys, and where the evidence lies. */
export function issueBody(cause: Cause, record: RunRecord): string {
  return [
    ...summary(cause, record),
    ...redTests(cause, record),
    ...lastEntries(cause, record),
    ...suspects(cause),
    ...whys(cause),
    ...evidence(record),
    '',
    `<sub>Cause ${codeSpan(cause.fingerprint)}, first seen in run ${codeSpan(record.run.id)}. loop edits or closes this issue only on proof; text from tests and logs is quoted, never trusted.</sub>`,
  ].join('\n');
}

function summary(cause: Cause, record: RunRecord): string[] {
  const verdict = record.verdict;
  return [
    ...overrideLines(record),
    `**${verdict?.value ?? 'No verdict'}** on ${codeSpan(record.run.environment)}: ${inlineText(verdict?.reason ?? '')}.`,
    '',
    ...record.deployments
      .filter((one) => cause.services.includes(one.service) && one.revision)
      .map(
        (one) =>
          `* ${one.role} of ${codeSpan(one.service)}: ${codeSpan(one.revision ?? '')} at ${codeSpan((one.commit ?? 'unknown').slice(0, 12))}`,
      ),
    '',
  ];
}

/** What a person overrode, before everything else. */
export function overrideLines({ overrides }: Pick<RunRecord, 'overrides'>): string[] {
  return overrides.flatMap((one) => [`> **Override:** ${inlineText(one, overrideCharsMax)}`, '']);
}

function redTests(cause: Cause, record: RunRecord): string[] {
  if (cause.tests.length === 0) return [];
  const rows = record.phases.flatMap((phase) =>
    phase.suites.flatMap((suite) =>
      suite.tests
        .filter((test) => cause.tests.includes(`${suite.name}: ${test.id}`))
        .map((test) => {
          const control = record.control.find((one) => one.suite === suite.name && one.test === test.id);
          return `| ${codeSpan(suite.name)} | ${inlineText(test.name, 120)} | ${inlineText(test.message.split('\n')[0] ?? '', 160)} | ${side(control, 'candidate')} | ${side(control, 'reference')} |`;
        }),
    ),
  );
  return [
    '## What is red',
    '',
    '| suite | test | says | candidate again | reference |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ];
}

/** What a candidate that ended told before: the first thing that a person looks for. */
function lastEntries(cause: Cause, record: RunRecord): string[] {
  return record.deployments.flatMap(({ service, failure }) => {
    const block = cause.services.includes(service) ? lastEntriesBlock(failure?.boot ?? null) : null;
    if (block === null) return [];
    const how = bootWords(failure?.boot ?? null) ?? failure?.message ?? '';
    return [`## What ${codeSpan(service)} told before it ended`, '', `${inlineText(how)}:`, '', block, ''];
  });
}

function side(control: Control | undefined, role: 'candidate' | 'reference'): string {
  const runs = control?.[role]?.runs;
  return runs ? codeSpan(runs) : 'not run';
}

function suspects(cause: Cause): string[] {
  if (cause.suspects.length === 0) return ['## Suspects', '', 'None: nothing ties a commit to it.', ''];
  const rows = cause.suspects.map((one, index) => {
    const place = one.path ? ` at ${codeSpan(one.line === null ? one.path : `${one.path}:${one.line}`)}` : '';
    return `${index + 1}. ${codeSpan(one.commit.slice(0, 12))} ${inlineText(one.title)}${place}: ${inlineText(one.reasons.slice(0, 3).join('; '), 400)}`;
  });
  return ['## Suspects', '', ...rows, ''];
}

function whys(cause: Cause): string[] {
  const rows = cause.whys.map(
    (why, index) =>
      `${index + 1}. **${inlineText(why.question)}** ${inlineText(why.claim, 600)} ${cited(why.evidence, why.status)}`,
  );
  const survived = cause.survived
    ? [
        '',
        `**${inlineText(cause.survived.question)}** ${inlineText(cause.survived.claim)} ${cited(cause.survived.evidence, cause.survived.status)}`,
      ]
    : [];
  return ['## Whys', '', ...rows, ...survived, ''];
}

const idsShown = 6;

function cited(ids: readonly string[], status: string): string {
  if (ids.length === 0) return `(${status})`;
  const more = ids.length > idsShown ? ` and ${ids.length - idsShown} more` : '';
  return `(${status}: ${ids.slice(0, idsShown).join(', ')}${more})`;
}

/** Evidence lives in the run's folder; here are its ids and hashes, so that a copy can be checked. */
function evidence(record: RunRecord): string[] {
  if (record.evidence.length === 0) return [];
  const rows = record.evidence.map(
    (one) => `| ${one.id} | ${one.kind} | ${codeSpan(one.sha256.slice(0, 16))} | ${inlineText(one.excerpt, 140)} |`,
  );
  return [
    `<details><summary>Evidence, in the worklog folder of run ${record.run.id}</summary>`,
    '',
    '| id | kind | SHA-256 | what it says |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    '</details>',
  ];
}
