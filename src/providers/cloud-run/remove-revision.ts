import { fail, type Result, succeed } from '../../core/result.ts';
import type { Removed } from '../../ports/deployer.ts';
import { shortName } from '../google/wire.ts';
import { changeService } from './change-service.ts';
import type { Platform } from './platform.ts';
import { serviceFacts, splitOf } from './service-facts.ts';
import { withoutTagsOf } from './traffic-plan.ts';
import { operationEnd, operationFailure } from './wait.ts';
import type { WireService } from './wire.ts';

interface Removal {
  readonly service: string;
  readonly revision: string;
  /** The tags that are the caller's; null when all of the revision is. */
  readonly tags: readonly string[] | null;
}

/**
 * Takes a revision out of the traffic's list, then deletes it. What is gone already is success; what serves is left alone.
 * Cloud Run keeps the latest created revision until there is a newer one: nothing reaches it any more, so that is `unrouted`.
 */
export async function removeRevision(
  platform: Platform,
  { service, revision, tags }: Removal,
  signal: AbortSignal,
): Promise<Result<Removed>> {
  const read = await platform.service(service, signal);
  if (!read.ok) return read.failure.code === 'not-found' ? succeed('deleted') : read;
  if (splitOf(serviceFacts(read.value).traffic).has(revision)) {
    return fail('conflict', `revision ${revision} serves traffic`, 'move the traffic to another revision first');
  }
  const dropped = await dropTags(platform, { service, revision, tags }, signal);
  if (!dropped.ok) return dropped;
  return dropped.value === 'others-left' ? succeed('untagged') : deleteRevision(platform, service, revision, signal);
}

async function dropTags(
  platform: Platform,
  { service, revision, tags }: Removal,
  signal: AbortSignal,
): Promise<Result<'all' | 'others-left'>> {
  let left: 'all' | 'others-left' = 'all';
  const dropped = await changeService(
    platform,
    service,
    (facts, asked) => {
      const isNamed = facts.traffic.some((target) => target.revision === revision) || isAskedFor(asked, revision);
      const traffic = withoutTagsOf(facts.traffic, revision, tags);
      left = traffic.some((target) => target.tag && target.revision === revision) ? 'others-left' : 'all';
      return isNamed ? { service: { traffic }, mask: ['traffic'] } : null;
    },
    signal,
  );
  if (!dropped.ok) return dropped;
  return (dropped.value && operationFailure(`drop the tags of ${revision}`, dropped.value)) ?? succeed(left);
}

/** A revision that never came up has its tag in what was asked for, not in what is served. */
function isAskedFor(service: WireService, revision: string): boolean {
  return service.traffic?.some((target) => shortName(target.revision) === revision) ?? false;
}

async function deleteRevision(
  platform: Platform,
  service: string,
  revision: string,
  signal: AbortSignal,
): Promise<Result<Removed>> {
  const begun = await platform.deleteRevision(service, revision, signal);
  if (!begun.ok) {
    const kept = begun.failure.code === 'conflict' && (await isLatest(platform, service, revision, signal));
    if (kept) return succeed('unrouted');
    return begun.failure.code === 'not-found' ? succeed('deleted') : begun;
  }
  const ended = await operationEnd(platform, begun.value, signal);
  if (!ended.ok) return ended;
  const failed = operationFailure(`delete revision ${revision}`, ended.value);
  return failed === null || failed.failure.code === 'not-found' ? succeed('deleted') : failed;
}

/** Whether it is the latest created one, and neither served nor asked for. */
async function isLatest(platform: Platform, service: string, revision: string, signal: AbortSignal): Promise<boolean> {
  const read = await platform.service(service, signal);
  if (!read.ok || isAskedFor(read.value, revision)) return false;
  const { latestCreated, traffic } = serviceFacts(read.value);
  return latestCreated === revision && traffic.every((target) => target.revision !== revision);
}
