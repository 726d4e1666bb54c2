import { type Result, succeed } from '../../core/result.ts';
import type { CallRequest } from '../google/call.ts';
import type { GoogleApi, RunClients } from '../google/clients.ts';
import { type WaitingRoom, waitingRoom } from './waiting-room.ts';
import type { WireOperation, WireRevision, WireService } from './wire.ts';

/** The calls of Cloud Run that we use, for one project and region, with short names. Reads are repeated, changes are not. */
export interface Platform {
  services(signal: AbortSignal): Promise<Result<WireService[]>>;
  service(name: string, signal: AbortSignal): Promise<Result<WireService>>;
  revision(service: string, name: string, signal: AbortSignal): Promise<Result<WireRevision>>;
  revisions(service: string, signal: AbortSignal): Promise<Result<WireRevision[]>>;
  operation(name: string, signal: AbortSignal): Promise<Result<WireOperation>>;
  create(name: string, service: WireService, signal: AbortSignal): Promise<Result<WireOperation>>;
  /** Changes the fields of `mask` only, and only if the service is still what its etag says. */
  update(name: string, service: WireService, mask: string[], signal: AbortSignal): Promise<Result<WireOperation>>;
  deleteRevision(service: string, name: string, signal: AbortSignal): Promise<Result<WireOperation>>;
  /** Where all waits for operations and revisions meet. */
  readonly waits: WaitingRoom;
}

type Send<T> = CallRequest<RunClients, T>['send'];

const pageSize = 1_000;
const pagesMax = 20;

/** `random` answers 0 to 1 and shakes the pauses between looks; the middle where nobody gives one. */
export function cloudRunPlatform(
  run: GoogleApi<RunClients>,
  project: string,
  region: string,
  random: () => number = () => 0.5,
): Platform {
  const parent = `projects/${project}/locations/${region}`;
  const full = (service: string, revision?: string) =>
    `${parent}/services/${service}${revision === undefined ? '' : `/revisions/${revision}`}`;
  const read = <T>(what: string, signal: AbortSignal, send: Send<T>) =>
    run.call({ what: `read ${what}`, role: 'roles/run.viewer', kind: 'read', send }, signal);
  const change = <T>(what: string, signal: AbortSignal, send: Send<T>) =>
    run.call({ what, role: 'roles/run.developer and roles/iam.serviceAccountUser', kind: 'change', send }, signal);

  const listServices = (signal: AbortSignal) =>
    allPages((pageToken) =>
      read(`the services of ${parent}`, signal, async ({ services }, options) => {
        const [items, , page] = await services.listServices({ parent, pageSize, pageToken }, options);
        return { items, next: page.nextPageToken };
      }),
    );

  return {
    services: listServices,
    waits: waitingRoom(listServices, random),
    service: (name, signal) =>
      read(`service ${name}`, signal, async ({ services }, options) => {
        const [service] = await services.getService({ name: full(name) }, options);
        return service;
      }),
    revision: (service, name, signal) =>
      read(`revision ${name}`, signal, async ({ revisions }, options) => {
        const [revision] = await revisions.getRevision({ name: full(service, name) }, options);
        return revision;
      }),
    revisions: (service, signal) =>
      allPages((pageToken) =>
        read(`the revisions of ${service}`, signal, async ({ revisions }, options) => {
          const request = { parent: full(service), pageSize, pageToken };
          const [items, , page] = await revisions.listRevisions(request, options);
          return { items, next: page.nextPageToken };
        }),
      ),
    operation: (name, signal) =>
      read(`operation ${name}`, signal, async ({ services }, options) => {
        // The client's type asks for a message object; the wire needs its one field.
        const [operation] = await services.operationsClient.getOperation({ name } as never, options);
        return operation;
      }),
    create: (name, service, signal) =>
      change(`create service ${name}`, signal, async ({ services }, options) => {
        const [operation] = await services.createService({ parent, serviceId: name, service }, options);
        return operation.latestResponse;
      }),
    update: (name, service, mask, signal) =>
      change(`update service ${name}`, signal, async ({ services }, options) => {
        const request = { service: { ...service, name: full(name) }, updateMask: { paths: mask } };
        const [operation] = await services.updateService(request, options);
        return operation.latestResponse;
      }),
    deleteRevision: (service, name, signal) =>
      change(`delete revision ${name}`, signal, async ({ revisions }, options) => {
        const [operation] = await revisions.deleteRevision({ name: full(service, name) }, options);
        return operation.latestResponse;
      }),
  };
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null | undefined;
}

async function allPages<Item>(read: (pageToken: string) => Promise<Result<Page<Item>>>): Promise<Result<Item[]>> {
  const items: Item[] = [];
  let pageToken = '';
  for (let pages = 0; pages < pagesMax; pages++) {
    const page = await read(pageToken);
    if (!page.ok) return page;
    items.push(...page.value.items);
    pageToken = page.value.next ?? '';
    if (pageToken === '') break;
  }
  return succeed(items);
}
