import { codeSpan, inlineText } from '../../core/markdown-text.ts';
import type { Cause, Fix, RunRecord } from '../../core/record.ts';
import { overrideLines } from './issue-body.ts';
import { revertedCommit } from './reverted-commit.ts';

/** What a reviewer needs: what it changes, the proof on two named revisions, what was audited, and what was not shown. `Refs`, since `Fixes` would close at the merge. */
export function pullBody({ cause, fix, issue }: { cause: Cause; fix: Fix; issue: number }, record: RunRecord): string {
  return [
    `Refs #${issue}`,
    '',
    ...overrideLines(record),
    `${inlineText(cause.title)}. Made by ${codeSpan(fix.fixer)} on ${codeSpan(fix.base.slice(0, 12))}; it changes ${fix.files.length === 1 ? 'one file' : `${fix.files.length} files`}: ${fix.files.map((file) => codeSpan(file)).join(', ')}.`,
    '',
    ...proof(fix),
    ...audits(fix),
    '## What is not shown',
    '',
    ...(revertedCommit(cause, fix)
      ? ['* What the reverted change was for is lost; a person decides whether it comes back in another form.']
      : []),
    '* The proof speaks of these tests on this environment only.',
    '',
    `<sub>Cause ${codeSpan(cause.fingerprint)}, run ${codeSpan(record.run.id)}; ${codeSpan(`loop why ${fix.cause}`)} lists the evidence files. loop never merges; it closes the issue after a passing run on a revision that contains this change.</sub>`,
  ].join('\n');
}

function proof({ proof: held }: Fix): string[] {
  if (!held) return [];
  const above =
    held.ruledOutAbovePermille === null
      ? ''
      : ` A remaining failure rate above ${held.ruledOutAbovePermille / 10} % is ruled out at 95 %.`;
  return [
    '## Proof',
    '',
    '| | revision | commit | runs | result |',
    '| --- | --- | --- | --- | --- |',
    `| before | ${codeSpan(held.base.revision)} | ${codeSpan(held.base.commit.slice(0, 12))} | ${held.base.runs} | red ${held.base.failed} times |`,
    `| after | ${codeSpan(held.fix.revision)} | ${codeSpan(held.fix.commit.slice(0, 12))} | ${held.fix.runs} | green ${held.fix.passed} times |`,
    '',
    `Tests of the base commit, on both sides:`,
    ...held.suiteTests.map((test) => `* ${inlineText(test)}`),
    '',
    `${inlineText(sentence(held.because), 400)}${above} Evidence: ${held.evidence.join(', ')}.`,
    '',
  ];
}

/** `Proven: red 5 of 5 …` with its full stop. */
function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function audits(fix: Fix): string[] {
  if (fix.audits.length === 0) return [];
  return [
    '## Audits',
    '',
    ...fix.audits.map(
      (audit) =>
        `* ${codeSpan(audit.name)}: ${audit.ok ? 'ok' : 'not ok'}, ${inlineText(audit.because)} (${audit.evidence.join(', ')})`,
    ),
    '',
  ];
}
