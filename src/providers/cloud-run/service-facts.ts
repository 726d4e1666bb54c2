import type { ServiceFacts } from '../../ports/deployer.ts';
import { instantOf, shortName } from '../google/wire.ts';
import { conditionFacts, conditionState } from './condition.ts';
import { toLatest, type WireService } from './wire.ts';

/** The platform's answer in our words. What it does not say is null. */
export function serviceFacts(service: WireService): ServiceFacts {
  const traffic = servedTraffic(service);
  const state = conditionState(service.terminalCondition);
  return {
    name: shortName(service.name) ?? '',
    url: service.uri || null,
    etag: service.etag ?? '',
    ready: state === 'succeeded' && !service.reconciling,
    latestReady: shortName(service.latestReadyRevision),
    latestCreated: shortName(service.latestCreatedRevision),
    traffic,
    asked: askedTraffic(service),
    serving: servingRevision(traffic),
    updatedAt: instantOf(service.updateTime) ?? instantOf(service.createTime) ?? '',
    message: state === 'succeeded' ? null : service.terminalCondition?.message || null,
    conditions: [service.terminalCondition, ...(service.conditions ?? [])].flatMap((one) =>
      one ? [conditionFacts(one)] : [],
    ),
    defaultUriDisabled: service.defaultUriDisabled === true,
    ingress: ingressWord(service.ingress),
    lastModifier: service.lastModifier || null,
  };
}

/** `INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER` is `internal-load-balancer`. */
function ingressWord(ingress: WireService['ingress']): string | null {
  const word = /^INGRESS_TRAFFIC_(ALL|INTERNAL_ONLY|INTERNAL_LOAD_BALANCER|NONE)$/.exec(String(ingress ?? ''))?.[1];
  return word === undefined ? null : word.toLowerCase().replace('_only', '').replaceAll('_', '-');
}

/** What is served now: nothing before the platform says so, whatever was asked for. */
function servedTraffic(service: WireService): ServiceFacts['traffic'] {
  return (service.trafficStatuses ?? []).map((target) => {
    const latest = target.type === toLatest;
    return {
      revision: shortName(target.revision) ?? (latest ? shortName(service.latestReadyRevision) : null),
      percent: target.percent ?? 0,
      tag: target.tag || null,
      latest,
      url: target.uri || null,
    };
  });
}

/** Where nobody asked for anything, the latest ready revision gets all of it. */
function askedTraffic(service: WireService): ServiceFacts['asked'] {
  const targets = service.traffic ?? [];
  if (targets.length === 0) return [{ revision: null, percent: 100, tag: null, latest: true }];
  return targets.map(({ type, revision, percent, tag }) => ({
    revision: shortName(revision),
    percent: percent ?? 0,
    tag: tag || null,
    latest: type === toLatest,
  }));
}

/** Percent by revision, revisions without traffic left out. */
export function splitOf(traffic: ServiceFacts['asked']): ReadonlyMap<string, number> {
  const split = new Map<string, number>();
  for (const { revision, percent } of traffic) {
    if (revision !== null && percent > 0) split.set(revision, (split.get(revision) ?? 0) + percent);
  }
  return split;
}

function servingRevision(traffic: ServiceFacts['traffic']): string | null {
  const [most] = [...splitOf(traffic)].sort(([, left], [, right]) => right - left);
  return most?.[0] ?? null;
}
