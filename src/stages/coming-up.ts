import type { RevisionFacts, ServiceFacts } from '../ports/deployer.ts';
import type { StageRun } from '../ports/stage.ts';
import type { StageParts } from './parts.ts';

type Parts = Pick<StageParts, 'deployer'>;

/** Percent that a revision shall have, whatever it serves now. LATEST is whichever comes up next: the latest created one. */
export function askedShareOf({ asked, latestCreated }: ServiceFacts, revision: string): number {
  const named = asked.map((one) => ({ ...one, revision: one.latest ? latestCreated : one.revision }));
  return named.reduce((sum, share) => sum + (share.revision === revision ? share.percent : 0), 0);
}

/** All revisions that shall have traffic; those that are not up yet do not serve, but will. */
export function askedToServe(facts: ServiceFacts): string[] {
  const named = facts.asked.flatMap((one) => (one.latest ? facts.latestCreated : one.revision) ?? []);
  return [...new Set(named)].filter((revision) => askedShareOf(facts, revision) > 0);
}

/** Revisions of this run that take traffic by themselves as soon as they are ready: the platform has not given them up. */
export async function comesUpServing(facts: ServiceFacts, parts: Parts, run: StageRun): Promise<string[]> {
  const coming: string[] = [];
  for (const revision of askedToServe(facts)) {
    const made = await parts.deployer.revision(facts.name, revision, run.signal);
    if (made.ok && made.value.madeBy === run.record.run.id && !isGivenUp(made.value)) coming.push(revision);
  }
  return coming;
}

/** Whether a revision that is newer than what serves may still become ready; one that cannot be read may. */
export async function newerComesUp(facts: ServiceFacts, parts: Parts, run: StageRun): Promise<boolean> {
  const { latestCreated, latestReady, name } = facts;
  if (latestCreated === null || latestCreated === latestReady) return false;
  const newer = await parts.deployer.revision(name, latestCreated, run.signal);
  return newer.ok ? !isGivenUp(newer.value) : newer.failure.code !== 'not-found';
}

function isGivenUp({ conditions }: RevisionFacts): boolean {
  return conditions.some(({ type, state }) => type === 'Ready' && state === 'failed');
}
