import type { Deployment } from '../../core/record.ts';
import type { ServiceFacts } from '../../ports/deployer.ts';
import type { StageRun } from '../../ports/stage.ts';
import { askedShareOf, askedToServe } from '../coming-up.ts';
import { shareOf } from '../move-traffic.ts';
import type { StageParts } from '../parts.ts';

type Parts = Pick<StageParts, 'environment' | 'deployer'>;

/** A service whose traffic, or a share of it, is with a revision that must not have it, or will be once that one is ready. */
export interface GoingBack {
  readonly service: string;
  readonly platform: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
  /** What was seen of it while the reference was healthy; null where its health is not why. */
  readonly sick: string | null;
}

/**
 * Who must give traffic back, read from the platform and not from what this run believes: every candidate that serves, what the
 * control found bad in whichever role, and what this run made before it was stopped.
 */
export async function goingBack(
  services: ReadonlyMap<string, ServiceFacts>,
  parts: Parts,
  run: StageRun,
): Promise<GoingBack[]> {
  const back: GoingBack[] = [];
  for (const [service, { cloudRun }] of Object.entries(parts.environment.services)) {
    const facts = services.get(cloudRun);
    if (!facts || !run.record.deployments.some((one) => one.service === service)) continue;
    for (const from of await unwanted(service, facts, parts, run)) {
      const to = referenceOf(service, from, run);
      if (to === null || to === from || back.some((one) => one.service === service)) continue;
      back.push({
        service,
        platform: cloudRun,
        from,
        to,
        why: whyBack(service, from, run),
        sick: sickness(service, from, run),
      });
    }
  }
  return back;
}

async function unwanted(service: string, facts: ServiceFacts, parts: Parts, run: StageRun): Promise<string[]> {
  const rows = run.record.deployments.filter((one) => one.service === service);
  const isBad = (one: Deployment) => one.role === 'candidate' || foundBad(one.revision, run) !== undefined;
  const named = rows.flatMap((one) => (one.revision !== null && isBad(one) ? [one.revision] : []));
  const stable = rows.find((one) => one.role === 'stable')?.revision ?? null;
  const serving = facts.traffic.flatMap(({ revision, percent }) => (percent > 0 ? (revision ?? []) : []));
  const others = [...new Set([...serving, ...askedToServe(facts)])].filter(
    (revision) => revision !== stable && !named.includes(revision),
  );
  const own: string[] = [];
  for (const revision of others) {
    const made = await parts.deployer.revision(facts.name, revision, run.signal);
    if (made.ok && made.value.madeBy === run.record.run.id) own.push(revision);
  }
  return [...named, ...own].filter(
    (revision) => shareOf(facts.traffic, revision) > 0 || askedShareOf(facts, revision) > 0,
  );
}

/** What the control found red here and green there is bad in whichever role, and there is where the traffic goes. */
function foundBad(revision: string | null, run: StageRun) {
  return run.record.control.find((one) => one.means === 'revision' && one.candidate?.revision === revision);
}

function referenceOf(service: string, from: string, run: StageRun): string | null {
  const stable = run.record.deployments.find((one) => one.service === service && one.role === 'stable');
  return foundBad(from, run)?.reference?.revision ?? stable?.revision ?? null;
}

function whyBack(service: string, from: string, run: StageRun): string {
  const { task, record } = run;
  if (foundBad(from, run)) return 'rolled back: the candidate is bad, the reference is good';
  if (task.cancelled) return 'rolled back: the run was cancelled before the revision was proven';
  if (task.expired) return 'rolled back: the time was up before the revision was proven';
  const trouble = record.problems.findLast((one) => one.stage === 'promoting');
  if (trouble) return `rolled back: ${trouble.message}`;
  const sick = sickness(service, from, run);
  return sick ? `rolled back: it is not healthy: ${sick}` : 'rolled back: the revision is not proven';
}

function sickness(service: string, from: string, { record }: StageRun): string | null {
  const candidate = record.deployments.find((one) => one.service === service && one.role === 'candidate');
  if (candidate?.revision !== from) return null;
  const of = record.health.filter((one) => one.service === service && one.dependency === null);
  const reference = of.filter((one) => one.role === 'stable');
  if (reference.length === 0 || reference.some((one) => !one.ok)) return null;
  return of.find((one) => one.role === 'candidate' && !one.ok)?.because ?? null;
}
