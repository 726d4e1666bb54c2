import { percent } from '../../core/judge-phase.ts';
import type { Fix, Proof } from '../../core/record.ts';

/** What came of a fix, in one sentence with its numbers. */
export function fixSentence(fix: Fix): string {
  if (fix.outcome !== 'fixed') return `${fix.fixer}: ${fix.outcome}, ${fix.because}`;
  if (fix.proof === null) return `${fix.fixer} changed ${fix.files.join(', ')}; not proven yet`;
  return `${fix.proof.holds ? 'proven' : 'not proven'}: ${proofNumbers(fix.proof)}`;
}

/** `failed 5 of 5 on the base, passed 5 of 5 with the fix`. */
function proofNumbers({ base, fix }: Proof): string {
  return `failed ${base.failed} of ${base.runs} on the base, passed ${fix.passed} of ${fix.runs} with the fix`;
}

export function ruledOutWords(proof: Proof): string {
  if (proof.ruledOutAbovePermille === null) return 'the passes rule out no failure rate';
  return `the passes rule out a failure rate above ${percent(proof.ruledOutAbovePermille)} (95 % bound)`;
}

export function nothingWorseWords(proof: Proof): string {
  if (proof.nothingWorse === null) return 'not measured whether something else got worse';
  return proof.nothingWorse ? 'nothing else got worse in any phase' : 'something else got worse';
}
