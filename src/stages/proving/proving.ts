import { counted } from '../../core/count-words.ts';
import type { Fix, Proof } from '../../core/record.ts';
import type { Failure } from '../../core/result.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import { fixTag } from '../cause-keys.ts';
import { currentCause, currentFix, withFix } from '../current-cause.ts';
import { type ForeignLook, foreignChanges } from '../foreign-changes.ts';
import { judgedPlace } from '../judged-place.ts';
import { problemOf } from '../trouble.ts';
import { deployFix, removeFix } from './fix-revisions.ts';
import { nothingWorse } from './nothing-worse.ts';
import type { ProvingParts } from './proving-parts.ts';
import { repeats } from './repeats.ts';
import { storedProof } from './stored-proof.ts';

/** Law 9: the base commit's tests fail before and pass after, on two named revisions, often enough; and nothing else gets worse. */
export function proving(parts: ProvingParts): Stage<'proving'> {
  return async (run) => {
    const cause = currentCause(run);
    const fix = currentFix(run);
    if (!fix?.commit || !cause.suite)
      return { facts: { holds: false, foreign: false }, patch: {}, said: 'there is no fix to prove', ok: false };
    const place = await judgedPlace(parts, run);
    if (!place.ok) return unprovable(place.failure, run);
    const tag = fixTag(cause.fingerprint, fix.attempt);
    const deployed = await deployFix({ fix, tag, services: place.value.services }, parts, run);
    const proof = await proofOf({ cause, fix, deployed, cwd: place.value.cwd }, parts, run);
    await removeFix(deployed, parts, run);
    const foreign = await foreignChanges(parts, run);
    if (foreign.voids) return voided(fix, proof, foreign, run);
    await run.memory.rememberFix({
      fingerprint: cause.fingerprint,
      n: fix.attempt,
      run: run.record.run.id,
      outcome: fix.outcome,
      held: proof.holds,
      commit: fix.commit,
      because: proof.because,
    });
    return {
      facts: { holds: proof.holds, foreign: false },
      patch: { ...foreign.patch, fixes: withFix(run, { ...fix, proof }) },
      said: proof.because,
      ok: proof.holds,
    };
  };
}

interface ProofRequest {
  readonly cause: ReturnType<typeof currentCause>;
  readonly fix: NonNullable<ReturnType<typeof currentFix>>;
  readonly deployed: Awaited<ReturnType<typeof deployFix>>;
  readonly cwd: string;
}

async function proofOf(
  { cause, fix, deployed, cwd }: ProofRequest,
  parts: ProvingParts,
  run: StageRun,
): Promise<Proof> {
  if (!deployed.ok) return storedProof({ cause, fix, because: `not proven: ${deployed.because}` }, run);
  const repeated = await repeats({ cause, deployed, cwd }, parts, run);
  if (!repeated.holds)
    return storedProof({ cause, fix, deployed, repeated, because: `not proven: ${repeated.because}` }, run);
  const rest = await nothingWorse({ cause, deployed, repeated, cwd }, parts, run);
  const because =
    rest.worse.length === 0
      ? `proven: ${repeated.because}; nothing is worse in ${counted(rest.compared, 'suite')}`
      : `not proven: worse in ${rest.worse.join('; ')}`;
  return storedProof({ cause, fix, deployed, repeated, rest, because }, run);
}

/** Law 11: what was measured while someone else changed a service proves nothing, and the attempt is not counted. */
function voided(fix: Fix, measured: Proof, foreign: ForeignLook, run: StageRun) {
  const because = `void: ${foreign.said}, during the proof (${measured.because})`;
  const proof = { ...measured, holds: false, because };
  const patch = { ...foreign.patch, fixes: withFix(run, { ...fix, proof }) };
  return { facts: { holds: false, foreign: true }, patch, said: because, ok: false };
}

function unprovable(failure: Failure, run: StageRun) {
  const problems = [...run.record.problems, problemOf('proving', failure, false)];
  return {
    facts: { holds: false, foreign: false },
    patch: { problems },
    said: `not proven: ${failure.message}`,
    ok: false,
  };
}
