import type { ServiceFacts } from '../ports/deployer.ts';
import type { StageRun } from '../ports/stage.ts';

/**
 * Whether the service was served as LATEST before loop pinned it by name: as this run found it, or as an earlier run of loop
 * left it. Where somebody has moved the traffic since, the name is theirs and stays.
 */
export async function wasLatest(service: string, run: StageRun): Promise<boolean> {
  const stable = run.record.deployments.find((one) => one.service === service && one.role === 'stable');
  if (stable?.traffic.some((share) => share.latest && share.percent > 0)) return true;
  const pinned = await run.memory.pinnedFromLatest(service);
  return pinned !== null && pinned === stable?.revision;
}

/**
 * Whether the name that serves was pinned by loop on a service that it found on LATEST: the one that it left word of, or the one
 * that it moved everything to since. Any other name is somebody's choice.
 */
export async function pinnedByLoop(service: string, serving: string, run: StageRun): Promise<boolean> {
  const pinned = await run.memory.pinnedFromLatest(service);
  if (pinned === null || pinned === serving) return pinned !== null;
  const { deployments, trafficMoves } = run.record;
  const found = deployments.find((one) => one.service === service && one.role === 'stable')?.revision;
  return pinned === found && trafficMoves.findLast((one) => one.service === service)?.to === serving;
}

/** Called before a deployment pins the service by name, so that even a crash right after it leaves word of what was there. */
export async function rememberKind(service: string, facts: ServiceFacts | undefined, run: StageRun): Promise<void> {
  const latest = facts?.traffic.find((share) => share.latest && share.percent > 0);
  if (latest?.revision) await rememberPinnedTo(service, latest.revision, run);
}

export function rememberPinnedTo(service: string, revision: string, run: StageRun): Promise<void> {
  const at = run.now().toISOString();
  return run.memory.rememberPinned({ service, revision, run: run.record.run.id, at });
}

/** What somebody else's next deployment meets on a service that is pinned by name. */
export function pinnedNote(platformName: string, revision: string): string {
  const command = `gcloud run services update-traffic ${platformName} --to-latest`;
  return `${platformName} is pinned to ${revision}: the next deployment of someone else reaches nobody without ${command}`;
}
