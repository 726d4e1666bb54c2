import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import type { Faults } from '../faults.ts';
import { type BootFailure, bootFailureCode, bootFailureMessage, failedConditions, notReady } from './boot-failure.ts';
import { failed, keepTransition, readyConditions, reconciling, succeeded, withActivity } from './conditions.ts';
import type { Boot } from './instances.ts';
import { versionAt } from './make-records.ts';
import type { Platform } from './platform.ts';
import type { Condition, OperationRecord, RevisionRecord, ServiceRecord } from './records.ts';
import { type Resolution, resolveTraffic } from './traffic.ts';

type Failure = NonNullable<OperationRecord['error']>;

/** Carries operations out, one at a time for each service: bring the revision up, move the traffic, say how it ended. */
export class Rollouts {
  readonly #platform: Platform;
  readonly #queues = new Map<string, Promise<void>>();
  #closing = false;

  constructor(platform: Platform) {
    this.#platform = platform;
  }

  begin(operation: OperationRecord): void {
    this.#after(operation.service, () => this.#run(operation));
  }

  /** What was served before a restart is served again; operations that were cut off are carried out. */
  async recover(): Promise<void> {
    const { store } = this.#platform;
    for (const service of store.services.values()) {
      const revisions = new Set(service.routes.map((route) => route.revision));
      for (const id of revisions) {
        const revision = store.revisionOf(service, id);
        if (revision !== undefined) void this.#platform.instances.ensure(revision, 'AUTOSCALING');
      }
      if (service.routes.length > 0) await this.#platform.frontEnds.open(service, tagsOf(service));
    }
    for (const operation of store.operations.values()) if (!operation.done) this.begin(operation);
  }

  /** From now on nothing is recorded: what is under way is carried out by the next emulator. */
  close(): void {
    this.#closing = true;
  }

  #after(service: string, work: () => Promise<void>): void {
    const { log } = this.#platform;
    const before = this.#queues.get(service) ?? Promise.resolve();
    const next = before.then(work).catch((error) => log.error({ service, error: String(error) }, 'rollout failed'));
    this.#queues.set(service, next);
  }

  async #run(operation: OperationRecord): Promise<void> {
    const { store } = this.#platform;
    const service = store.services.get(operation.service);
    if (service === undefined || this.#closing) return;
    const bootFailure = operation.revision === null ? null : await this.#bringUp(service, operation.revision);
    const routeFailure = this.#closing ? null : await this.#route(service);
    if (this.#closing) return;
    this.#finish(operation, service, bootFailure ?? routeFailure);
    store.save();
  }

  async #bringUp(service: ServiceRecord, id: string): Promise<Failure | null> {
    const { store, instances, faults, clock } = this.#platform;
    const revision = store.revisionOf(service, id);
    if (revision === undefined) return null;
    if (revision.state !== 'starting') return takenUp(service, revision);
    const begin = performance.now();
    await sleep(faults.readySlowMs(service.id));
    const boot = refusedBoot(revision, faults) ?? (await instances.ensure(revision, 'DEPLOYMENT_ROLLOUT'));
    if (this.#closing) return null;
    const at = clock.now();
    if (boot.ok) {
      const conditions = readyConditions(at, (performance.now() - begin) / 1000);
      Object.assign(revision, { state: 'ready', conditions, updateTime: at });
      service.latestReady = id;
    } else {
      Object.assign(revision, { state: 'failed', conditions: failedConditions(boot.failure, at), updateTime: at });
    }
    this.#tellRevision(service, revision);
    return boot.ok ? null : failureOf(revision, boot.failure);
  }

  /** Traffic moves when every revision it goes to is up, all of it at once; else it stays as it was. */
  async #route(service: ServiceRecord): Promise<Failure | null> {
    const { store, frontEnds } = this.#platform;
    const resolution = await this.#up(
      service,
      resolveTraffic(service, (id) => store.revisionOf(service, id)),
    );
    if (this.#closing) return null;
    if (resolution.state === 'resolved') service.routes = resolution.routes;
    await frontEnds.open(service, tagsOf(service));
    this.#observe(service, resolution);
    this.#retireOthers(service);
    return resolution.state === 'failed' ? { code: resolution.code, message: resolution.message } : null;
  }

  /** Starts again what was stopped while nothing routed to it. */
  async #up(service: ServiceRecord, resolution: Resolution): Promise<Resolution> {
    if (resolution.state !== 'resolved') return resolution;
    const { store, instances } = this.#platform;
    for (const id of new Set(resolution.routes.map((route) => route.revision))) {
      const revision = store.revisionOf(service, id);
      const boot = revision === undefined ? undefined : await instances.ensure(revision, 'DEPLOYMENT_ROLLOUT');
      if (revision !== undefined && boot?.ok === false) {
        return { state: 'failed', ...failureOf(revision, boot.failure) };
      }
    }
    return resolution;
  }

  #observe(service: ServiceRecord, resolution: Resolution): void {
    const { store, clock } = this.#platform;
    const at = clock.now();
    const latest = store.revisionOf(service, service.latestCreated ?? '');
    const set = (name: 'ready' | 'configurationsReady' | 'routesReady', condition: Condition) => {
      service[name] = keepTransition(service[name], condition);
    };
    set('configurationsReady', configurationsCondition(latest, at));
    set('routesReady', routesCondition(resolution, at));
    const worst = [service.configurationsReady, service.routesReady].find(
      ({ state }) => state !== 'CONDITION_SUCCEEDED',
    );
    set('ready', worst === undefined ? succeeded('Ready', at) : { ...worst, type: 'Ready' });
    service.observedGeneration = service.generation;
    service.updateTime = at;
    service.version = versionAt(at);
  }

  #retireOthers(service: ServiceRecord): void {
    const { store, instances, clock, log } = this.#platform;
    const routed = new Set(service.routes.map((route) => route.revision));
    for (const revision of store.revisionsOf(service)) {
      if (revision.state === 'starting') continue;
      revision.conditions = withActivity(revision.conditions, routed.has(revision.id), clock.now());
      if (routed.has(revision.id)) continue;
      instances.retire(revision.name).catch((error) => log.error({ error: String(error) }, 'retiring failed'));
    }
  }

  #finish(operation: OperationRecord, service: ServiceRecord, error: Failure | null): void {
    operation.done = true;
    operation.error = error;
    operation.subject = { kind: 'service', record: structuredClone(service) };
    const state = error === null ? 'True' : 'False';
    const message = `Ready condition status changed to ${state} for Service ${service.id}`;
    this.#platform.runLog.systemEvent(sourceOf(service, ''), operation.method, service.name, {
      ...(error === null ? {} : { code: error.code }),
      message: error === null ? `${message}.` : `${message} with message: ${error.message}`,
    });
  }

  #tellRevision(service: ServiceRecord, revision: RevisionRecord): void {
    const [ready] = revision.conditions;
    const up = revision.state === 'ready';
    const message = `Ready condition status changed to ${up ? 'True' : 'False'} for Revision ${revision.id} with message: ${ready?.message}`;
    const outcome = up ? { message } : { code: status.FAILED_PRECONDITION, message };
    this.#platform.runLog.systemEvent(sourceOf(service, revision.id), 'Services.UpdateService', revision.name, outcome);
  }
}

/** What a test asked to go wrong before the program is started. */
function refusedBoot(revision: RevisionRecord, faults: Faults): Boot | null {
  const kind = faults.revisionFails(revision.service.split('/').at(-1) ?? '');
  const { project } = revision;
  const image = revision.template.containers[0]?.image ?? '';
  return kind === null ? null : { ok: false, failure: { kind, project, image } };
}

function failureOf(revision: RevisionRecord, failure: BootFailure): Failure {
  return { code: bootFailureCode(failure), message: notReady(revision.id, bootFailureMessage(failure)) };
}

/** A change may name a revision that is there already. */
function takenUp(service: ServiceRecord, revision: RevisionRecord): Failure | null {
  if (revision.state === 'failed') {
    return { code: status.FAILED_PRECONDITION, message: notReady(revision.id, revision.conditions[0]?.message ?? '') };
  }
  service.latestReady = revision.id;
  return null;
}

function sourceOf({ project, location, id }: ServiceRecord, revision: string) {
  return { project, location, service: id, revision };
}

function tagsOf(service: ServiceRecord): string[] {
  return service.routes.map(({ tag }) => tag).filter((tag) => tag !== '');
}

function configurationsCondition(latest: RevisionRecord | undefined, at: string): Condition {
  if (latest === undefined || latest.state === 'ready') return succeeded('ConfigurationsReady', at);
  if (latest.state === 'starting') return reconciling('ConfigurationsReady', at);
  const [ready] = latest.conditions;
  // The configuration says what is wrong with its revision; the routes only that one has failed.
  const details = {
    ...(ready?.reason === undefined ? {} : { reason: ready.reason }),
    ...(ready?.revisionReason === undefined ? {} : { revisionReason: ready.revisionReason }),
  };
  return failed('ConfigurationsReady', at, notReady(latest.id, ready?.message ?? ''), details);
}

function routesCondition(resolution: Resolution, at: string): Condition {
  switch (resolution.state) {
    case 'resolved':
      return succeeded('RoutesReady', at);
    case 'pending':
      return reconciling('RoutesReady', at);
    case 'failed':
      return failed('RoutesReady', at, resolution.message, { reason: 'REVISION_FAILED' });
  }
}
