import { fail, type Result, succeed } from '../../core/result.ts';
import type { ServiceFacts } from '../../ports/deployer.ts';
import { changeService } from './change-service.ts';
import type { Platform } from './platform.ts';
import { serviceFacts, splitOf } from './service-facts.ts';
import { equalSplits, movedTo, servesAsLatest, splitAfter, splitAskedFor, type WantedShare } from './traffic-plan.ts';
import { operationFailure } from './wait.ts';

type Shares = Parameters<typeof splitOf>[0];

/** What the platform was asked for, to be compared with what it serves. */
interface Asked {
  readonly split: ReadonlyMap<string, number>;
  readonly tags: readonly string[];
  readonly latest: boolean;
}

/**
 * Gives a revision its share, then reads back what is served: only that counts as moved. With `latest`, a revision that is the
 * latest ready one and gets everything is served as LATEST; another one is served by its name, and the facts say so.
 * With `expected`, what serves otherwise is left alone: someone else has moved it.
 */
export async function moveTraffic(
  platform: Platform,
  service: string,
  { expected, ...wanted }: WantedShare & { readonly expected?: Shares },
  signal: AbortSignal,
): Promise<Result<ServiceFacts>> {
  let asked: Asked | null = null;
  let foreign: string | null = null;
  const moved = await changeService(
    platform,
    service,
    (facts) => {
      foreign = expected ? otherThan(splitOf(expected), wanted, facts) : null;
      if (foreign !== null) return null;
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
  if (foreign !== null) return fail('conflict', foreign, movedByOther);
  if (asked === null)
    return fail('usage', `${service} has nothing beside ${wanted.revision} that could serve the rest`);
  const failed = moved.value && operationFailure(`move the traffic of ${service}`, moved.value);
  return failed ?? readBack(platform, service, asked, signal);
}

const movedByOther = 'someone else moved its traffic: ask who, then run again';

/** Where neither what was expected serves nor what it shall become: what serves instead. */
function otherThan(expected: ReadonlyMap<string, number>, wanted: WantedShare, facts: ServiceFacts): string | null {
  const serves = splitOf(facts.traffic);
  const after = splitAfter(expected, wanted);
  if (equalSplits(expected, serves) || (after && equalSplits(after, serves))) return null;
  return `${facts.name} was to be moved from ${shown(expected)}, but serves ${served(facts)}`;
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

/** A tag that follows LATEST is another one than the same tag on a revision's name. */
function tagsIn(facts: ServiceFacts): string[] {
  return facts.traffic.flatMap(({ tag, revision, latest }) =>
    tag === null ? [] : [`${tag}=${latest ? 'LATEST' : revision}`],
  );
}

function served({ traffic }: ServiceFacts): string {
  return shown(splitOf(traffic));
}

function shown(split: ReadonlyMap<string, number>): string {
  return [...split].map(([revision, percent]) => `${revision} ${percent} %`).join(', ') || 'nothing';
}
