import { plain } from '../../ports/journal.ts';
import type { Stage, StageRun } from '../../ports/stage.ts';
import { fixTag, fixWorktree } from '../cause-keys.ts';
import { currentFix } from '../current-cause.ts';
import { readServices } from '../deploy-revision.ts';
import type { StageParts } from '../parts.ts';

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
    const tags = fix ? [fixTag(fix.cause, fix.attempt)] : [`loop-${(run.record.run.head ?? '').slice(0, 12)}`];
    const gone = await removeTagged(tags, parts, run);
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

/** Only revisions that this run made, and that serve nobody. */
async function removeTagged(tags: readonly string[], parts: Parts, run: StageRun): Promise<string[]> {
  const services = await readServices(parts, run.signal);
  if (!services.ok) return [];
  const removed: string[] = [];
  for (const facts of services.value.values()) {
    for (const target of facts.traffic) {
      const { revision, tag } = target;
      if (!revision || !tag || !tags.includes(tag) || target.percent > 0 || revision === facts.serving) continue;
      const made = await parts.deployer.revision(facts.name, revision, run.signal);
      if (!made.ok || made.value.madeBy !== run.record.run.id) continue;
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
      removed.push(revision);
    }
  }
  return removed;
}
