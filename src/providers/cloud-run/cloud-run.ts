import { type Result, succeed } from '../../core/result.ts';
import type { Deployer, Removed, RevisionFacts } from '../../ports/deployer.ts';
import type { GoogleClients } from '../google/clients.ts';
import { deployRevision } from './deploy.ts';
import { moveTraffic } from './move-traffic.ts';
import { needsSiblings } from './own-labels.ts';
import { cloudRunPlatform } from './platform.ts';
import { removeRevision } from './remove-revision.ts';
import { revisionFacts } from './revision-facts.ts';
import { serviceFacts } from './service-facts.ts';
import { within } from './wait.ts';
import type { WireRevision } from './wire.ts';

/**
 * Cloud Run (Admin API v2) as a deployer. `readyTimeoutMs` bounds each call that changes something.
 * `imageStore` is the state folder of the embedded environment, whose images tell their digest; null elsewhere.
 */
export function cloudRunDeployer(options: {
  readonly clients: Pick<GoogleClients, 'run'>;
  readonly project: string;
  readonly region: string;
  readonly readyTimeoutMs: number;
  readonly imageStore: string | null;
  /** 0 to 1; shakes the pauses between looks at the platform. */
  readonly random?: () => number;
}): Deployer {
  const { readyTimeoutMs, imageStore } = options;
  const platform = cloudRunPlatform(options.clients.run, options.project, options.region, options.random);
  const facts = (revision: WireRevision, siblings: readonly WireRevision[] = []): Promise<RevisionFacts> =>
    revisionFacts(revision, imageStore, siblings);
  return {
    services: async (names, signal) => {
      const all = await platform.services(signal);
      if (!all.ok) return all;
      const wanted = all.value.map(serviceFacts).filter(({ name }) => names.includes(name));
      return succeed(new Map(wanted.map((service) => [service.name, service])));
    },
    revision: async (service, revision, signal) => {
      const read = await platform.revision(service, revision, signal);
      if (!read.ok) return read;
      const siblings = needsSiblings(read.value) ? await platform.revisions(service, signal) : succeed([]);
      return siblings.ok ? succeed(await facts(read.value, siblings.value)) : siblings;
    },
    revisions: async (service, signal) => {
      const read = await platform.revisions(service, signal);
      return read.ok ? succeed(await Promise.all(read.value.map((one) => facts(one, read.value)))) : read;
    },
    deploy: async (request, signal) => {
      const what = `the deployment of ${request.revision}`;
      const deployed = await within(readyTimeoutMs, signal, what, (bounded) =>
        deployRevision(platform, request, bounded),
      );
      return deployed.ok ? succeed(await facts(deployed.value)) : deployed;
    },
    moveTraffic: ({ service, ...wanted }, signal) =>
      within(readyTimeoutMs, signal, `moving the traffic of ${service}`, (bounded) =>
        moveTraffic(platform, service, wanted, bounded),
      ),
    remove: ({ service, revision, tags }, signal): Promise<Result<Removed>> =>
      within(readyTimeoutMs, signal, `removing ${revision}`, (bounded) =>
        removeRevision(platform, { service, revision, tags: tags ?? null }, bounded),
      ),
  };
}
