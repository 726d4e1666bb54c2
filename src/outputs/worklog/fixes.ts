import { codeSpan, inlineText } from '../../core/markdown-text.ts';
import type { Fix, Proof, RunRecord } from '../../core/record.ts';
import { nothingWorseWords, ruledOutWords } from '../facts/fix-words.ts';
import { capital } from '../facts/run-status.ts';
import { causeAnchor } from './causes.ts';
import type { Cite } from './citations.ts';
import { markdownTable } from './markdown-table.ts';
import { prose } from './prose.ts';
import { blocks, bullets, cited, nothing } from './section.ts';

export function fixes(record: RunRecord, cite: Cite): string {
  if (record.fixes.length > 0) return blocks(...record.fixes.map((fix) => fixText(fix, cite)));
  if (record.causes.length === 0 && record.run.state !== 'running') return 'No fix: there was no cause to fix.';
  return nothing(record, 'fixing', 'No fix was tried.');
}

function fixText(fix: Fix, cite: Cite): string {
  return blocks(
    `### ${heading(fix)}: ${inlineText(fix.fixer)}, attempt ${fix.attempt} for cause ${causeAnchor({ fingerprint: fix.cause })}`,
    cited(`${capital(fix.outcome)}: ${prose(fix.because)}`, cite(fix.evidence)),
    bullets(
      `Branch ${codeSpan(fix.branch)}: ${fix.commit === null ? 'no commit' : `commit ${codeSpan(fix.commit.slice(0, 12))}`} on base ${codeSpan(fix.base.slice(0, 12))}`,
      `Files: ${fix.files.map((file) => codeSpan(file)).join(', ') || 'none'}`,
      ...fix.audits.map((one) =>
        cited(
          `Audit ${inlineText(one.name)} ${one.ok ? 'passed' : '**failed**'}: ${prose(one.because)}`,
          cite(one.evidence),
        ),
      ),
    ),
    fix.proof !== null && proofText(fix.proof, cite),
  );
}

function heading(fix: Fix): string {
  if (fix.outcome !== 'fixed') return 'No fix';
  if (fix.proof === null) return 'Fix without a proof';
  return fix.proof.holds ? 'Proven fix' : 'Fix that is not proven';
}

function proofText(proof: Proof, cite: Cite): string {
  const { base, fix } = proof;
  return blocks(
    markdownTable(
      ['side', 'revision', 'commit', 'runs', 'failed', 'passed'],
      [
        ['base', codeSpan(base.revision), codeSpan(base.commit.slice(0, 12)), ...figures(base.runs, base.failed)],
        ['fix', codeSpan(fix.revision), codeSpan(fix.commit.slice(0, 12)), ...figures(fix.runs, fix.runs - fix.passed)],
      ],
    ),
    bullets(
      cited(`${proof.holds ? 'The proof holds' : '**Not proven**'}: ${prose(proof.because)}`, cite(proof.evidence)),
      `${capital(ruledOutWords(proof))}; ${nothingWorseWords(proof)}`,
      proof.suiteTests.length > 0 &&
        `Judged by the base commit's tests: ${proof.suiteTests.map((one) => inlineText(one)).join(' · ')}`,
    ),
  );
}

function figures(runs: number, failed: number): string[] {
  return [runs, failed, runs - failed].map(String);
}
