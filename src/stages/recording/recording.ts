import type { RunRecord } from '../../core/record.ts';
import { allows } from '../../core/words.ts';
import { plain } from '../../ports/journal.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import { readServices } from '../deploy-revision.ts';
import { judgedWorktree } from '../judged-place.ts';
import type { StageParts } from '../parts.ts';
import { impactOf } from './impact.ts';
import { nextSteps } from './next-steps.ts';

type Parts = Pick<StageParts, 'environment' | 'pipeline' | 'selection' | 'options' | 'deployer' | 'repository'>;

/** The last stage of a cycle: what is next, what is at risk, which revisions are good; and the house is left tidy. */
export function recording(parts: Parts): Stage<'recording'> {
  return async (run) => {
    const { record } = run;
    if (record.verdict?.value === 'GO') await rememberGood(run);
    if (!parts.options.dryRun && allows(parts.options.level, 'propose')) await removeOldCandidates(parts, run);
    await parts.repository.removeWorktree(judgedWorktree(run), run.signal);
    const patch: Partial<RunRecord> = {
      impact: impactOf(record, parts.pipeline),
      next: parts.options.dryRun ? record.next : nextSteps(record, parts),
    };
    const verdict = record.verdict;
    return {
      facts: { written: true },
      patch,
      said: verdict ? `${verdict.value}: ${verdict.reason}` : 'the plan is written; nothing was changed',
      ok: true,
    };
  };
}

/** What was tested and is GO becomes the reference of later runs: what serves now, not a candidate that nobody promoted. */
async function rememberGood(run: StageRun): Promise<void> {
  for (const deployment of run.record.deployments) {
    const { service, revision, commit, role } = deployment;
    const serves = deployment.traffic.some((share) => share.percent > 0 && share.revision === revision);
    const replaced = run.record.deployments.some((one) => one.service === service && one.role === 'candidate');
    if (!revision || !serves || (role === 'stable' && replaced)) continue;
    await run.memory.rememberGood({ service, revision, commit, run: run.record.run.id, at: run.now().toISOString() });
  }
}

/** Candidates of commits that are not HEAD any more: their tags and revisions go. Only what a loop made, never what serves. */
async function removeOldCandidates(parts: Parts, run: StageRun): Promise<void> {
  const services = await readServices(parts, run.signal);
  if (!services.ok) return;
  const current = `loop-${(run.record.run.head ?? '').slice(0, 12)}`;
  for (const facts of services.value.values()) {
    for (const { revision, tag, percent } of facts.traffic) {
      const old = tag !== null && /^(loop-[0-9a-f]{12}|fix-[0-9a-f]{1,12}-\d+)$/.test(tag) && tag !== current;
      if (!old || !revision || percent > 0 || revision === facts.serving) continue;
      const key = `${run.key}/remove/${facts.name}/${revision}`;
      await run.journal.effect(
        key,
        { revision },
        {
          find: async () => null,
          perform: async () =>
            plain((await parts.deployer.remove({ key, service: facts.name, revision }, run.signal)).ok),
        },
      );
    }
  }
}
