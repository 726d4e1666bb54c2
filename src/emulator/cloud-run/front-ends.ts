import type { Server } from 'node:http';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import { closeServer, listenLocal } from '../http-listen.ts';
import type { IdTokens } from '../id-token.ts';
import { readJson, writeJson } from '../json-file.ts';
import type { Log } from '../log.ts';
import type { ProxyOptions } from './front-end.ts';
import type { Instances } from './instances.ts';
import { checkInvoker } from './invoker-check.ts';
import { createProxy } from './proxy.ts';
import type { ServiceRecord } from './records.ts';
import type { RunLog } from './run-log.ts';
import type { RunStore } from './run-store.ts';
import { pickRevision } from './traffic.ts';

const requestTimeoutMsDefault = 300_000;
const Ports = z.record(z.string(), z.number());

export interface FrontEndsOptions {
  readonly portsFile: string;
  readonly store: RunStore;
  readonly instances: Instances;
  readonly runLog: RunLog;
  readonly faults: Faults;
  readonly idTokens: IdTokens;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: () => number;
  readonly touch: () => void;
}

/** One loopback port for each service and each tag, the same ones after a restart. */
export class FrontEnds {
  readonly #options: FrontEndsOptions;
  readonly #servers = new Map<string, Server>();
  #ports: z.infer<typeof Ports>;

  constructor(options: FrontEndsOptions) {
    this.#options = options;
    const read = readJson(options.portsFile, Ports);
    this.#ports = read.state === 'read' ? read.value : {};
  }

  /** Empty before the service, or the tag, was first reachable. */
  uri(service: ServiceRecord, tag: string): string {
    const told = isPublic(service) && !this.#options.faults.holds('tagUrlsDisabled', service.id);
    const port = told ? this.#ports[keyOf(service, tag)] : undefined;
    return port === undefined ? '' : `http://127.0.0.1:${port}`;
  }

  /** Opens the service and these tags, and closes its other tags. A closed tag keeps its port. */
  async open(service: ServiceRecord, tags: readonly string[]): Promise<void> {
    const wanted = new Map((isPublic(service) ? ['', ...tags] : []).map((tag) => [keyOf(service, tag), tag]));
    for (const [key, tag] of wanted) if (!this.#servers.has(key)) await this.#listen(service, tag, key);
    for (const key of this.#keysOf(service)) if (!wanted.has(key)) await this.#shut(key);
  }

  /** Closes all that belongs to a deleted service and forgets its ports. */
  async forget(service: ServiceRecord): Promise<void> {
    for (const key of this.#keysOf(service)) await this.#shut(key);
    const own = (key: string) => key === service.name || key.startsWith(`${service.name}#`);
    this.#ports = Object.fromEntries(Object.entries(this.#ports).filter(([key]) => !own(key)));
    writeJson(this.#options.portsFile, this.#ports);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers.keys()].map((key) => this.#shut(key)));
  }

  #keysOf(service: ServiceRecord): string[] {
    return [...this.#servers.keys()].filter((key) => key === service.name || key.startsWith(`${service.name}#`));
  }

  async #listen(service: ServiceRecord, tag: string, key: string): Promise<void> {
    const options = { ...this.#proxyOptions(service, tag), port: 0 };
    const server = createProxy(options);
    this.#servers.set(key, server);
    options.port = await listenLocal(server, this.#ports[key] ?? 0, this.#options.log);
    if (this.#ports[key] === options.port) return;
    this.#ports = { ...this.#ports, [key]: options.port };
    writeJson(this.#options.portsFile, this.#ports);
  }

  #proxyOptions(service: ServiceRecord, tag: string): Omit<ProxyOptions, 'port'> {
    const { store, instances, runLog, clock, random, touch, faults, idTokens } = this.#options;
    return {
      clock,
      random,
      touch,
      owner: { project: service.project, location: service.location, service: service.id, revision: '' },
      log: (source, entry) => runLog.request(source, entry),
      check: (request) => {
        const now = store.services.get(service.name) ?? service;
        const open = now.private !== true && !faults.holds('private', service.id);
        return open ? null : checkInvoker(request, idTokens, this.#audiences(now));
      },
      async enter() {
        const routes = store.services.get(service.name)?.routes ?? [];
        const revision = store.revisionOf(service, pickRevision(routes, tag, random) ?? '');
        const entrance = revision === undefined ? null : await instances.enter(revision.name);
        const seconds = Number(revision?.template.timeout?.seconds ?? 0);
        return entrance === null ? null : { ...entrance, timeoutMs: seconds * 1000 || requestTimeoutMsDefault };
      },
    };
  }

  #audiences(service: ServiceRecord): string[] {
    const port = this.#ports[keyOf(service, '')];
    const custom = Array.isArray(service.spec.customAudiences) ? service.spec.customAudiences.map(String) : [];
    return port === undefined ? custom : [`http://127.0.0.1:${port}`, ...custom];
  }

  async #shut(key: string): Promise<void> {
    const server = this.#servers.get(key);
    this.#servers.delete(key);
    if (server !== undefined) await closeServer(server);
  }
}

/** With `default_uri_disabled` neither the service nor its tags have an address. */
function isPublic(service: ServiceRecord): boolean {
  return service.spec.defaultUriDisabled !== true;
}

function keyOf(service: ServiceRecord, tag: string): string {
  return tag === '' ? service.name : `${service.name}#${tag}`;
}
