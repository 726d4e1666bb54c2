import { fail, type Result, succeed } from '../../core/result.ts';
import type { ServiceFacts } from '../../ports/deployer.ts';
import { changeService } from './change-service.ts';
import type { Platform } from './platform.ts';
import { serviceFacts, splitOf } from './service-facts.ts';
import { equalSplits, movedTo, servesAsLatest, splitAskedFor, type WantedShare } from './traffic-plan.ts';
import { operationFailure } from './wait.ts';

/** What the platform was asked for, to be compared with what it serves. */
interface Asked {
  readonly split: ReadonlyMap<string, number>;
  readonly tags: readonly string[];
  readonly latest: boolean;
}

/**
 * Gives a revision its share, then reads back what is served: only that counts as moved. With `latest`, a revision that is the
 * latest ready one and gets everything is served as LATEST; another one is served by its name, and the facts say so.
 */
export async function moveTraffic(
  platform: Platform,
  service: string,
  wanted: WantedShare,
  signal: AbortSignal,
): Promise<Result<ServiceFacts>> {
  let asked: Asked | null = null;
  const moved = await changeService(
    platform,
    service,
    (facts) => {
      const latest = wanted.latest && wanted.percent === 100 && facts.latestReady === wanted.revision;
      const plan = movedTo(facts.traffic, { ...wanted, latest });
      if (plan === null) return null;
      const split = splitAskedFor(plan, wanted.revision);
      asked = { split, tags: tagsIn(facts), latest };
      const isThere =
        equalSplits(split, splitOf(facts.traffic)) &&
        equalSplits(split, askedSplit(facts, latest ? wanted.revision : null));
      if (isThere && (!latest || servesAsLatest(facts.traffic, wanted.revision))) return null;
      return { service: { traffic: plan }, mask: ['traffic'] };
    },
    signal,
  );
  if (!moved.ok) return moved;
  if (asked === null)
    return fail('usage', `${service} has nothing beside ${wanted.revision} that could serve the rest`);
  const failed = moved.value && operationFailure(`move the traffic of ${service}`, moved.value);
  return failed ?? readBack(platform, service, asked, signal);
}

/**
 * What is asked for may differ from what is served: a revision that is still coming up has its share there already. LATEST is the
 * latest created one, or `latest` where the caller says who.
 */
function askedSplit({ asked, latestCreated }: ServiceFacts, latest: string | null): ReadonlyMap<string, number> {
  return splitOf(asked.map((one) => (one.latest ? { ...one, revision: latest ?? latestCreated } : one)));
}

async function readBack(
  platform: Platform,
  service: string,
  asked: Asked,
  signal: AbortSignal,
): Promise<Result<ServiceFacts>> {
  const read = await platform.service(service, signal);
  if (!read.ok) return read;
  const facts = serviceFacts(read.value);
  if (!equalSplits(asked.split, splitOf(facts.traffic))) {
    return fail('conflict', `${service} was told to serve ${shown(asked.split)}, but serves ${served(facts)}`);
  }
  if (asked.latest && !facts.traffic.some((target) => target.latest && target.percent > 0)) {
    return fail('conflict', `${service} was told to serve its latest revision, but serves ${served(facts)} by name`);
  }
  const lost = asked.tags.filter((tag) => !tagsIn(facts).includes(tag));
  return lost.length === 0 ? succeed(facts) : fail('conflict', `the tags ${lost.join(', ')} of ${service} are gone`);
}

function tagsIn(facts: ServiceFacts): string[] {
  return facts.traffic.flatMap(({ tag, revision }) => (tag === null ? [] : [`${tag}=${revision}`]));
}

function served({ traffic }: ServiceFacts): string {
  return shown(splitOf(traffic));
}

function shown(split: ReadonlyMap<string, number>): string {
  return [...split].map(([revision, percent]) => `${revision} ${percent} %`).join(', ') || 'nothing';
}
