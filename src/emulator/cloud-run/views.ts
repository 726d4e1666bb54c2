import { toTimestamp } from '../clock.ts';
import type { Condition, OperationRecord, RevisionRecord, ServiceRecord } from './records.ts';
import type { TrafficTarget } from './spec.ts';

/** Where a service, or one of its tags, is reached; empty before it has a port. */
export type UriOf = (service: ServiceRecord, tag: string) => string;

const typePrefix = 'type.googleapis.com/google.cloud.run.v2.';

/** A record as google.cloud.run.v2.Service. */
export function serviceView(service: ServiceRecord, uriOf: UriOf): object {
  const uri = uriOf(service, '');
  return {
    ...service.spec,
    name: service.name,
    uid: service.uid,
    generation: String(service.generation),
    observedGeneration: String(service.observedGeneration),
    createTime: toTimestamp(service.createTime),
    updateTime: toTimestamp(service.updateTime),
    deleteTime: service.deleteTime === undefined ? null : toTimestamp(service.deleteTime),
    creator: service.creator,
    lastModifier: service.lastModifier ?? service.creator,
    terminalCondition: conditionView(service.ready),
    conditions: [service.routesReady, service.configurationsReady].map(conditionView),
    latestReadyRevision: revisionPath(service, service.latestReady),
    latestCreatedRevision: revisionPath(service, service.latestCreated),
    trafficStatuses: service.routes.map((route) => routeView(service, route, uriOf)),
    uri,
    urls: uri === '' ? [] : [uri],
    reconciling: service.ready.state === 'CONDITION_RECONCILING',
    etag: etagOf(service),
  };
}

function revisionPath(service: ServiceRecord, id: string | null): string {
  return id === null ? '' : `${service.name}/revisions/${id}`;
}

/** LATEST stays LATEST in the statuses, as the API says it; its revision is `latest_ready_revision`. */
function routeView(service: ServiceRecord, route: TrafficTarget, uriOf: UriOf): object {
  const latest = route.type === 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
  return { ...route, revision: latest ? '' : route.revision, uri: route.tag === '' ? '' : uriOf(service, route.tag) };
}

/** A record as google.cloud.run.v2.Revision. */
export function revisionView(revision: RevisionRecord): object {
  const { revision: _name, labels: _labels, healthCheckDisabled: _check, ...template } = revision.template;
  return {
    ...template,
    name: revision.name,
    uid: revision.uid,
    generation: '1',
    observedGeneration: '1',
    labels: revision.labels,
    service: revision.service,
    createTime: toTimestamp(revision.createTime),
    updateTime: toTimestamp(revision.updateTime),
    deleteTime: revision.deleteTime === undefined ? null : toTimestamp(revision.deleteTime),
    creator: revision.creator,
    conditions: revision.conditions.map(conditionView),
    reconciling: revision.state === 'starting',
    etag: etagOf(revision),
  };
}

/** A record as google.longrunning.Operation. `@type` tells the wire library how to pack the resource. */
export function operationView(operation: OperationRecord, uriOf: UriOf): object {
  const { subject, error } = operation;
  const resource =
    subject.kind === 'service'
      ? { '@type': `${typePrefix}Service`, ...serviceView(subject.record, uriOf) }
      : { '@type': `${typePrefix}Revision`, ...revisionView(subject.record) };
  const outcome = error === null ? { response: resource } : { error };
  return { name: operation.name, metadata: resource, done: operation.done, ...(operation.done ? outcome : {}) };
}

function conditionView({ lastTransitionTime, ...condition }: Condition): object {
  return { ...condition, lastTransitionTime: toTimestamp(lastTransitionTime) };
}

export function etagOf({ version }: { version: string }): string {
  return `"${Buffer.from(version).toString('base64')}"`;
}

/** The version inside an etag of ours, or the text as it came. */
export function versionIn(etag: string): string {
  const version = Buffer.from(etag.replaceAll('"', ''), 'base64').toString('utf8');
  return /^\d{16,}$/.test(version) ? version : etag;
}
