import { toNanos } from '../clock.ts';
import { reconciling, startingConditions } from './conditions.ts';
import { revisionName, type ServiceName, serviceName } from './names.ts';
import type { Platform } from './platform.ts';
import type { OperationRecord, RevisionRecord, ServiceRecord } from './records.ts';
import type { ServiceSpec } from './spec.ts';

const suffixLetters = 'bcdfghjklmnpqrstvwxz2456789';

export function newService(platform: Platform, name: ServiceName, spec: ServiceSpec, creator: string): ServiceRecord {
  const at = platform.clock.now();
  return {
    ...name,
    ...stamp(platform, at, creator),
    name: serviceName(name),
    spec,
    generation: 1,
    observedGeneration: 0,
    latestCreated: null,
    latestReady: null,
    routes: [],
    ready: reconciling('Ready', at),
    configurationsReady: reconciling('ConfigurationsReady', at),
    routesReady: reconciling('RoutesReady', at),
  };
}

/** The revision of the service's template, under the client's name for it or one of our own. */
export function newRevision(platform: Platform, service: ServiceRecord, creator: string): RevisionRecord {
  const at = platform.clock.now();
  const { template } = service.spec;
  const id = template.revision || generatedName(service, platform.random);
  const { project, location } = service;
  return {
    project,
    location,
    id,
    ...stamp(platform, at, creator),
    name: revisionName({ project, location, service: service.id, id }),
    service: service.name,
    template,
    labels: { ...service.spec.labels, ...template.labels },
    state: 'starting',
    conditions: startingConditions(at, id),
  };
}

function generatedName({ id, generation }: ServiceRecord, random: () => number): string {
  const letter = () => suffixLetters[Math.floor(random() * suffixLetters.length)];
  return `${id}-${String(generation).padStart(5, '0')}-${letter()}${letter()}${letter()}`;
}

export function newOperation(
  platform: Platform,
  method: string,
  service: ServiceRecord,
  revision: RevisionRecord | null,
): OperationRecord {
  const { project, location } = service;
  return {
    name: `projects/${project}/locations/${location}/operations/${platform.newId()}`,
    method,
    createdAt: platform.clock.now(),
    service: service.name,
    revision: revision?.id ?? null,
    done: false,
    error: null,
    subject: { kind: 'service', record: service },
  };
}

function stamp(platform: Platform, at: string, creator: string) {
  return { uid: platform.newId(), version: versionAt(at), createTime: at, updateTime: at, creator };
}

/** Microseconds since 1970, as the platform's own resource versions are. */
export function versionAt(instant: string): string {
  return String((toNanos(instant) ?? 0n) / 1000n);
}
