import type { Cause, Fix, Proof } from '../../core/record.ts';
import { proven } from '../../ports/journal.ts';
import type { StageRun } from '../../ports/stage.ts';
import { suitesOf } from '../cause-tests.ts';
import type { FixDeployment } from './fix-revisions.ts';
import type { RestOfPhases } from './nothing-worse.ts';
import type { Repeats } from './repeats.ts';

/** The proof as the record holds it, with an artefact that names every repeat on both sides. */
export function storedProof(
  facts: { cause: Cause; fix: Fix; deployed?: FixDeployment; repeated?: Repeats; rest?: RestOfPhases; because: string },
  run: StageRun,
): Promise<Proof> {
  const { cause, fix, repeated, rest, because } = facts;
  const head = run.record.run.head ?? '';
  const proof: Omit<Proof, 'evidence'> = {
    // The repeats are of one suite; the cause's tests elsewhere are held against it once, with the rest.
    suiteTests: cause.tests.filter((test) => cause.suite !== null && suitesOf([test])[0] === cause.suite),
    base: {
      revision: repeated?.baseRevision ?? '',
      commit: head,
      runs: repeated?.base.length ?? 0,
      failed: repeated?.baseFailed ?? 0,
    },
    fix: {
      revision: repeated?.fixRevision ?? '',
      commit: fix.commit ?? '',
      runs: repeated?.fix.length ?? 0,
      passed: repeated?.fixPassed ?? 0,
    },
    ruledOutAbovePermille: repeated?.ruledOutAbovePermille ?? null,
    nothingWorse: rest ? rest.worse.length === 0 : null,
    holds: repeated?.holds === true && rest !== undefined && rest.worse.length === 0,
    because,
  };
  return run.journal.step(`${run.key}/proof/${cause.fingerprint}/${fix.attempt}`, { fix: fix.commit }, async () => {
    const rows = (side: 'base' | 'fix') =>
      (repeated?.[side] ?? []).map((one) => ({
        id: one.id,
        at: one.startedAt,
        passed: one.counts.passed,
        red: one.red.map((test) => test.id),
        evidence: one.evidence,
      }));
    const content = JSON.stringify(
      {
        ...proof,
        repeats: { base: rows('base'), fix: rows('fix') },
        seenByServer: repeated?.seenEvidence ?? null,
        rest: rest?.rows ?? [],
      },
      null,
      2,
    );
    const artifact = await run.artifacts.put({
      kind: 'proof',
      source: `proof of ${fix.branch}`,
      at: run.now().toISOString(),
      content,
      excerpt: because,
    });
    const cited = [repeated?.seenEvidence ?? []].flat();
    return proven(artifact, (evidence) => ({ ...proof, evidence: [evidence, ...cited] }));
  });
}
