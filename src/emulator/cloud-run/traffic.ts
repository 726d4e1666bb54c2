import { status } from '@grpc/grpc-js';
import { notReady } from './boot-failure.ts';
import type { RevisionRecord, ServiceRecord } from './records.ts';
import { latestTarget, type TrafficTarget } from './spec.ts';

/** What the targets of a service come to. */
export type Resolution =
  | { readonly state: 'resolved'; readonly routes: TrafficTarget[] }
  | { readonly state: 'pending' }
  | { readonly state: 'failed'; readonly code: number; readonly message: string };

type RevisionOf = (id: string) => RevisionRecord | undefined;

/** Every target with the revision it stands for. One that is not ready holds all of them: traffic moves as a whole. */
export function resolveTraffic(service: ServiceRecord, revisionOf: RevisionOf): Resolution {
  const routes: TrafficTarget[] = [];
  for (const target of targetsOf(service)) {
    const id = revisionFor(service, target);
    const revision = id === null ? undefined : revisionOf(id);
    if (revision === undefined) return { state: 'failed', code: status.INTERNAL, message: missing(id) };
    if (revision.state === 'starting') return { state: 'pending' };
    if (revision.state === 'failed') {
      const message = notReady(revision.id, revision.conditions[0]?.message ?? '');
      return { state: 'failed', code: status.FAILED_PRECONDITION, message };
    }
    routes.push({ ...target, revision: revision.id });
  }
  return { state: 'resolved', routes };
}

export function targetsOf(service: ServiceRecord): readonly TrafficTarget[] {
  return service.spec.traffic.length === 0 ? [latestTarget] : service.spec.traffic;
}

/** LATEST is the latest revision that became ready; before there is one, the one that is on its way. */
function revisionFor(service: ServiceRecord, target: TrafficTarget): string | null {
  const latest = target.type === 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST';
  return latest ? (service.latestReady ?? service.latestCreated) : target.revision;
}

function missing(id: string | null): string {
  return `Revision '${id ?? ''}' does not exist or is deleted. Update all traffic to route to currently available revisions.`;
}

/** The revision for one request: by tag, or by chance with the percentages as weights. Null when nothing is served. */
export function pickRevision(routes: readonly TrafficTarget[], tag: string, random: () => number): string | null {
  if (tag !== '') return routes.find((route) => route.tag === tag)?.revision ?? null;
  let left = random() * 100;
  for (const route of routes) {
    left -= route.percent;
    if (left < 0) return route.revision;
  }
  return null;
}
