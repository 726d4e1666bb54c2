import type { RunState } from '../core/record.ts';
import type { ServiceFacts } from '../ports/deployer.ts';
import { plain } from '../ports/journal.ts';
import type { StageRun } from '../ports/stage.ts';
import { readServices } from './deploy-revision.ts';
import type { StageParts } from './parts.ts';

/** The tags that loop gives to candidates and to fixes; nothing else is ever removed. */
const ownTag = /^(loop-[0-9a-f]{12}|fix-[0-9a-f]{1,12}-\d+)$/;
/** What one sweep removes at most; the next one goes on. */
const removalsMax = 20;
const hourMs = 3_600_000;
/** A run whose process is gone may still be resumed for so long, and so may one that another store keeps. */
const goneRunHours = 24;

interface TaggedRevision {
  readonly tag: string;
  /** The run that made it. */
  readonly madeBy: string;
  readonly createdAt: string;
}

/**
 * Removes tagged revisions that loop made and that nobody needs, and tells their names. `mayGo` is asked for each one.
 * The look-up is the traffic itself: what is gone is not found again.
 */
export async function removeTagged(
  mayGo: (one: TaggedRevision) => boolean | Promise<boolean>,
  parts: Pick<StageParts, 'environment' | 'deployer'>,
  run: StageRun,
): Promise<string[]> {
  const services = await readServices(parts, run.signal);
  if (!services.ok) return [];
  const removed: string[] = [];
  for (const facts of services.value.values()) {
    const needed = await neededRevisions(facts, parts, run);
    for (const { revision, tag } of facts.traffic) {
      if (removed.length >= removalsMax) return removed;
      if (!revision || !tag || !ownTag.test(tag) || needed.has(revision)) continue;
      const made = await parts.deployer.revision(facts.name, revision, run.signal);
      if (!made.ok || made.value.madeBy === null) continue;
      const { madeBy, createdAt } = made.value;
      if (!(await mayGo({ tag, madeBy, createdAt }))) continue;
      const all = facts.traffic.flatMap((one) => (one.revision === revision && one.tag ? one.tag : []));
      const tags = all.filter((one) => ownTag.test(one));
      if (await remove({ service: facts.name, revision, tags }, parts, run)) removed.push(revision);
    }
  }
  return removed;
}

/** What serves, and where traffic may have to go back to: what this run found or moved away from, and the last good one. */
async function neededRevisions(
  facts: ServiceFacts,
  { environment }: Pick<StageParts, 'environment'>,
  run: StageRun,
): Promise<ReadonlySet<string>> {
  const needed = facts.traffic.flatMap((one) => (one.percent > 0 ? (one.revision ?? []) : []));
  for (const [service, { cloudRun }] of Object.entries(environment.services)) {
    if (cloudRun !== facts.name) continue;
    const { deployments, trafficMoves } = run.record;
    const found = deployments.filter((one) => one.service === service && one.role === 'stable');
    needed.push(...found.flatMap(({ revision }) => revision ?? []));
    needed.push(...trafficMoves.filter((one) => one.service === service).map(({ from }) => from));
    needed.push((await run.memory.goodRevision(service))?.revision ?? '');
  }
  return new Set(needed);
}

async function remove(
  { service, revision, tags }: { service: string; revision: string; tags?: readonly string[] },
  parts: Pick<StageParts, 'deployer'>,
  run: StageRun,
): Promise<boolean> {
  const key = `${run.key}/remove/${service}/${revision}`;
  const end = await run.journal.effect<string>(
    key,
    { revision },
    {
      find: async () => null,
      perform: async () => {
        const removed = await parts.deployer.remove({ key, service, revision, ...(tags ? { tags } : {}) }, run.signal);
        return plain(removed.ok ? removed.value : `failed: ${removed.failure.message}`);
      },
    },
  );
  if (end === 'unrouted') run.note(`${revision} has no tag any more; the platform keeps it until there is a newer one`);
  if (end === 'untagged') run.note(`${revision} is kept without loop's tag: somebody else has tagged it too`);
  if (end.startsWith('failed')) run.note(`${revision} could not be removed: ${end}`);
  return end === 'deleted' || end === 'unrouted';
}

/**
 * Removes what runs that nobody will go on with left behind, a crashed one too: never the candidates of `keepTag`, which a run of
 * the same HEAD reuses, and nothing of a run that is parked, interrupted, or gone for less than a day.
 */
export async function sweepTagged(
  keepTag: string,
  parts: Pick<StageParts, 'environment' | 'deployer'>,
  run: StageRun,
): Promise<string[]> {
  const own = run.record.run.id;
  return removeTagged(
    async (one) => {
      if (one.tag === keepTag) return false;
      if (one.madeBy === own) return true;
      return isLeftBehind(await run.memory.runState(one.madeBy), one.createdAt, run.now());
    },
    parts,
    run,
  );
}

/**
 * Removes what this run deployed and what never came up: its tag is asked for and not served, so that no sweep would find it, and
 * the service would not be called ready for it.
 */
export async function removeFailed(
  parts: Pick<StageParts, 'environment' | 'deployer'>,
  run: StageRun,
): Promise<string[]> {
  const removed: string[] = [];
  for (const { service, role, failure } of run.record.deployments) {
    const platform = parts.environment.services[service]?.cloudRun;
    if (role !== 'candidate' || failure === null || platform === undefined) continue;
    const all = await parts.deployer.revisions(platform, run.signal);
    const own = (all.ok ? all.value : []).filter((one) => !one.ready && one.madeBy === run.record.run.id);
    for (const { name } of own.slice(0, removalsMax)) {
      if (await remove({ service: platform, revision: name }, parts, run)) removed.push(name);
    }
  }
  return removed;
}

/**
 * Whether nobody will ask for a revision of another run again, by that run's state in the store. `running` there is one whose
 * process is gone, since only one run has the environment; null is one that this store does not know.
 */
export function isLeftBehind(state: RunState | null, createdAt: string, now: Date): boolean {
  switch (state) {
    case 'finished':
    case 'cancelled':
      return true;
    case 'parked':
    case 'interrupted':
      return false;
    case 'running':
    case null:
      return now.getTime() - Date.parse(createdAt) > goneRunHours * hourMs;
  }
}
