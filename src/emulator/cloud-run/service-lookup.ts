import { type Answer, answer, type Refusal, refuse } from '../answer.ts';
import { readServiceName } from './names.ts';
import type { Platform } from './platform.ts';
import type { ServiceRecord } from './records.ts';
import { etagOf, serviceView, type UriOf, versionIn } from './views.ts';

export function findService(platform: Platform, name: string): Answer<ServiceRecord> {
  const parsed = readServiceName(name);
  if (!parsed.ok) return parsed;
  const service = platform.store.services.get(name);
  return service === undefined ? serviceNotFound(name) : answer(service);
}

export function serviceNotFound(name: string): Refusal {
  return refuse(
    'NOT_FOUND',
    `Resource '${name.split('/').at(-1)}' of kind 'SERVICE' in region '${name.split('/')[3]}' does not exist.`,
  );
}

/** The API's answer to a change that was made from an older state. */
export function checkEtag(service: ServiceRecord, etag: string): Refusal | null {
  if (etag === '' || etag === etagOf(service)) return null;
  const [specified, current] = [versionIn(etag), service.version];
  return refuse(
    'ABORTED',
    `Conflict for resource '${service.id}': version '${specified}' was specified but current version is '${current}'.`,
  );
}

export function uriOf({ frontEnds }: Platform): UriOf {
  return (service, tag) => frontEnds.uri(service, tag);
}

export function viewOf(platform: Platform, service: ServiceRecord): object {
  return serviceView(service, uriOf(platform));
}
