import { type Answer, answer, refuse } from '../../answer.ts';
import type { UnaryMethods } from '../../grpc-server.ts';
import type { RestApi, RestCall } from '../../rest/rest-call.ts';
import type { RunStore } from '../run-store.ts';
import { changeMessage, type ToWire } from './change-message.ts';
import { revisionV1, serviceV1 } from './service-view.ts';
import { V1Service } from './v1-shapes.ts';
import { V2Revision, V2Service } from './v2-shapes.ts';

export interface KnativeParts {
  readonly services: UnaryMethods;
  readonly revisions: UnaryMethods;
  readonly store: Pick<RunStore, 'services' | 'revisions'>;
  readonly toWire: ToWire;
}

const apiVersion = 'serving.knative.dev/v1';
const revisionsMax = 1000;

/**
 * `serving.knative.dev/v1`, which is all that `gcloud run` speaks, on top of our own v2 methods: same state, same faults, same
 * audit. The region is in the host's name (`us-central1-run.…`), as there; a host without one means any region.
 */
export function knativeApi(parts: KnativeParts): RestApi {
  return (call) => {
    const listed = /^\/v1\/projects\/([^/]+)\/locations\/([^/]+)\/services$/.exec(call.path);
    if (listed !== null && call.method === 'GET') return listServices(parts, call, listed[1] ?? '', listed[2] ?? '');
    const [, project = '', kind = '', id = ''] =
      /^\/apis\/serving\.knative\.dev\/v1\/namespaces\/([^/]+)\/(services|revisions)(?:\/([^/]+))?$/.exec(call.path) ??
      [];
    const place = { project, id, location: locationOf(parts, call.host, kind, project, id) };
    switch (`${call.method} ${kind} ${id === '' ? 'all' : 'one'}`) {
      case 'GET services all':
        return listServices(parts, call, project, place.location);
      case 'GET services one':
        return getService(parts, call, place);
      case 'POST services all':
      case 'PUT services one':
        return writeService(parts, call, place);
      case 'DELETE services one':
        return removed(ask(parts.services, 'DeleteService', { name: serviceName(place), etag: '' }, call));
      case 'GET revisions all':
        return listRevisions(parts, call, place);
      case 'GET revisions one':
        return getRevision(parts, call, place);
      case 'DELETE revisions one':
        return removed(ask(parts.revisions, 'DeleteRevision', { name: revisionName(parts, place) }, call));
      default:
        return null;
    }
  };
}

interface Place {
  readonly project: string;
  readonly location: string;
  readonly id: string;
}

async function ask(methods: UnaryMethods, method: string, message: object, { caller }: RestCall) {
  const call = methods[method];
  if (call === undefined) return refuse('UNIMPLEMENTED', `The emulator has no ${method}.`);
  return call({ validateOnly: false, pageSize: 0, pageToken: '', ...message }, caller);
}

async function listServices({ services }: KnativeParts, call: RestCall, project: string, location: string) {
  const found = await ask(services, 'ListServices', { parent: `projects/${project}/locations/${location}` }, call);
  if (!found.ok) return found;
  const { services: all } = found.value as { services: unknown[] };
  return answer(list('ServiceList', all.map(toV1)));
}

async function getService({ services }: KnativeParts, call: RestCall, place: Place): Promise<Answer<object>> {
  const found = await ask(services, 'GetService', { name: serviceName(place) }, call);
  return found.ok ? answer(toV1(found.value)) : found;
}

/** POST creates, PUT replaces; both answer the service as it is while the change is carried out. */
async function writeService(parts: KnativeParts, call: RestCall, place: Place): Promise<Answer<object>> {
  const read = V1Service.safeParse(call.body);
  if (!read.success) {
    const issue = read.error.issues[0];
    return refuse('INVALID_ARGUMENT', `service.${issue?.path.join('.')}: ${issue?.message}`);
  }
  const id = place.id || read.data.metadata.name;
  const location = place.location === '-' ? 'local' : place.location;
  const validateOnly = call.query.get('dryRun') === 'all';
  const stored = parts.store.services.get(serviceName({ ...place, id, location }));
  const change = changeMessage(parts.toWire, { project: place.project, location, id }, read.data, stored, validateOnly);
  const method = call.method === 'POST' ? 'CreateService' : 'UpdateService';
  const done = await ask(parts.services, method, method === 'CreateService' ? change.create : change.update, call);
  return done.ok ? answer(toV1((done.value as { metadata: unknown }).metadata)) : done;
}

async function listRevisions({ revisions }: KnativeParts, call: RestCall, { project, location }: Place) {
  const [, key = '', value = ''] = /^\s*([^\s=]+)\s*=\s*(\S+)\s*$/.exec(call.query.get('labelSelector') ?? '') ?? [];
  const ofService = key === 'serving.knative.dev/service';
  const parent = `projects/${project}/locations/${location}/services/${ofService && location !== '-' ? value : '-'}`;
  const found = await ask(revisions, 'ListRevisions', { parent, pageSize: revisionsMax }, call);
  if (!found.ok) return found;
  const all = (found.value as { revisions: unknown[] }).revisions.map((revision) => V2Revision.parse(revision));
  const kept = all.filter(
    ({ name, service, labels }) =>
      name.startsWith(`projects/${project}/`) &&
      (key === '' || (ofService ? service.endsWith(`/services/${value}`) : labels[key] === value)),
  );
  return answer(list('RevisionList', kept.map(revisionV1)));
}

async function getRevision(parts: KnativeParts, call: RestCall, place: Place): Promise<Answer<object>> {
  const found = await ask(parts.revisions, 'GetRevision', { name: revisionName(parts, place) }, call);
  return found.ok ? answer(revisionV1(V2Revision.parse(found.value))) : found;
}

async function removed(work: Promise<Answer<object>>): Promise<Answer<object>> {
  const done = await work;
  return done.ok ? answer({ apiVersion: 'v1', kind: 'Status', status: 'Success' }) : done;
}

function toV1(service: unknown): object {
  return serviceV1(V2Service.parse(service));
}

function list(kind: string, items: object[]): object {
  return { apiVersion, kind, metadata: {}, items };
}

function locationOf({ store }: KnativeParts, host: string, kind: string, project: string, id: string): string {
  const region = /^(.+)-run\./.exec(host)?.[1];
  if (region !== undefined) return region;
  const known = kind === 'services' ? store.services : store.revisions;
  return [...known.values()].find((record) => record.project === project && record.id === id)?.location ?? '-';
}

function serviceName({ project, location, id }: Place): string {
  return `projects/${project}/locations/${location}/services/${id}`;
}

/** v1 names a revision without its service. */
function revisionName({ store }: KnativeParts, { project, location, id }: Place): string {
  const known = [...store.revisions.values()].find(
    (revision) => revision.project === project && revision.location === location && revision.id === id,
  );
  return known?.name ?? `projects/${project}/locations/${location}/services/-/revisions/${id}`;
}
