import type { Stage, StageRun } from '../../ports/stage.ts';
import { candidateTag, fixTag, fixWorktree } from '../cause-keys.ts';
import { currentFix } from '../current-cause.ts';
import type { StageParts } from '../parts.ts';
import { removeTagged } from '../remove-tagged.ts';

type Parts = Pick<StageParts, 'environment' | 'deployer' | 'repository'>;

/** Takes back what did not lead anywhere: the fix's worktree and revisions, and candidates that a stopped deployment left. */
export function reverting(parts: Parts): Stage<'reverting'> {
  return async (run) => {
    const fix = currentFix(run);
    if (fix) {
      const removed = await parts.repository.removeWorktree(fixWorktree(fix.cause, fix.attempt), run.signal);
      if (!removed.ok) run.note(`the fix's worktree could not be removed: ${removed.failure.message}`);
      if (fix.outcome === 'fixed' && fix.proof === null) await rememberUnproven(fix, run);
    }
    const tags = fix ? [fixTag(fix.cause, fix.attempt)] : [candidateTag(run.record.run.head)];
    const own = run.record.run.id;
    const gone = await removeTagged(({ tag, madeBy }) => tags.includes(tag) && madeBy === own, parts, run);
    const said = [fix ? `${fix.branch} was taken back` : '', gone.length > 0 ? `removed ${gone.join(', ')}` : '']
      .filter(Boolean)
      .join('; ');
    return { facts: { clean: true }, patch: {}, said: said || 'nothing to take back', ok: true };
  };
}

async function rememberUnproven(fix: NonNullable<ReturnType<typeof currentFix>>, run: StageRun): Promise<void> {
  const { cause: fingerprint, attempt: n, outcome, commit } = fix;
  const because = fix.audits.find((audit) => !audit.ok)?.because ?? 'it was not proven';
  await run.memory.rememberFix({ fingerprint, n, run: run.record.run.id, outcome, held: false, commit, because });
}
