import { fail, type Result, succeed } from '../../core/result.ts';
import type { ServiceFacts } from '../../ports/deployer.ts';
import { changeService } from './change-service.ts';
import type { Platform } from './platform.ts';
import { serviceFacts } from './service-facts.ts';
import { allTo, servesAll } from './traffic-plan.ts';
import { operationFailure } from './wait.ts';

/** Sends everything to one revision, then reads back what is served: only that counts as moved. */
export async function moveAllTraffic(
  platform: Platform,
  service: string,
  revision: string,
  signal: AbortSignal,
): Promise<Result<ServiceFacts>> {
  let tagsBefore: readonly string[] = [];
  const moved = await changeService(
    platform,
    service,
    (facts) => {
      tagsBefore = tagsIn(facts);
      if (servesAll(facts.traffic, revision)) return null;
      return { service: { traffic: allTo(facts.traffic, revision) }, mask: ['traffic'] };
    },
    signal,
  );
  if (!moved.ok) return moved;
  const failed = moved.value && operationFailure(`move the traffic of ${service}`, moved.value);
  return failed ?? readBack(platform, service, revision, tagsBefore, signal);
}

async function readBack(
  platform: Platform,
  service: string,
  revision: string,
  tagsBefore: readonly string[],
  signal: AbortSignal,
): Promise<Result<ServiceFacts>> {
  const read = await platform.service(service, signal);
  if (!read.ok) return read;
  const facts = serviceFacts(read.value);
  if (!servesAll(facts.traffic, revision)) {
    return fail('conflict', `${service} was told to serve ${revision}, but serves ${served(facts)}`);
  }
  const lost = tagsBefore.filter((tag) => !tagsIn(facts).includes(tag));
  return lost.length === 0 ? succeed(facts) : fail('conflict', `the tags ${lost.join(', ')} of ${service} are gone`);
}

function tagsIn(facts: ServiceFacts): string[] {
  return facts.traffic.flatMap(({ tag, revision }) => (tag === null ? [] : [`${tag}=${revision}`]));
}

function served({ traffic }: ServiceFacts): string {
  const shares = traffic
    .filter(({ percent }) => percent > 0)
    .map(({ revision, percent }) => `${revision} ${percent} %`);
  return shares.join(', ') || 'nothing';
}
