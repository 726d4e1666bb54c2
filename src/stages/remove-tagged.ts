import { plain } from '../ports/journal.ts';
import type { StageRun } from '../ports/stage.ts';
import { readServices } from './deploy-revision.ts';
import type { StageParts } from './parts.ts';

/** The tags that loop gives to candidates and to fixes; nothing else is ever removed. */
const ownTag = /^(loop-[0-9a-f]{12}|fix-[0-9a-f]{1,12}-\d+)$/;

/**
 * Removes tagged revisions that loop made and that serve nobody, and tells their names. `madeBy` narrows it to one run's.
 * The look-up is the traffic itself: what is gone is not found again.
 */
export async function removeTagged(
  request: { wanted: (tag: string) => boolean; madeBy: string | null },
  parts: Pick<StageParts, 'environment' | 'deployer'>,
  run: StageRun,
): Promise<string[]> {
  const services = await readServices(parts, run.signal);
  if (!services.ok) return [];
  const removed: string[] = [];
  for (const facts of services.value.values()) {
    for (const { revision, tag, percent } of facts.traffic) {
      if (!revision || !tag || !ownTag.test(tag) || !request.wanted(tag)) continue;
      if (percent > 0 || revision === facts.serving) continue;
      const made = await parts.deployer.revision(facts.name, revision, run.signal);
      if (!made.ok || made.value.madeBy === null) continue;
      if (request.madeBy !== null && made.value.madeBy !== request.madeBy) continue;
      const key = `${run.key}/remove/${facts.name}/${revision}`;
      const gone = await run.journal.effect<boolean>(
        key,
        { revision },
        {
          find: async () => null,
          perform: async () =>
            plain((await parts.deployer.remove({ key, service: facts.name, revision }, run.signal)).ok),
        },
      );
      if (gone) removed.push(revision);
    }
  }
  return removed;
}
