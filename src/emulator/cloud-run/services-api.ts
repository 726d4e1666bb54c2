import { z } from 'zod';
import { type Answer, answer, refuse } from '../answer.ts';
import type { Caller } from '../caller.ts';
import { createService, updateService } from './change-service.ts';
import { newOperation } from './make-records.ts';
import { readParent } from './names.ts';
import type { Platform } from './platform.ts';
import type { Rollouts } from './rollout.ts';
import { checkEtag, findService, uriOf, viewOf } from './service-lookup.ts';
import { operationView } from './views.ts';

const DeleteServiceRequest = z.object({ name: z.string(), validateOnly: z.boolean(), etag: z.string() });
const GetServiceRequest = z.object({ name: z.string() });
const ListServicesRequest = z.object({ parent: z.string(), pageSize: z.number(), pageToken: z.string() });

/** google.cloud.run.v2.Services, without the three IAM methods. */
export function servicesApi(platform: Platform, rollouts: Rollouts) {
  return {
    CreateService: (message: unknown, caller: Caller) => createService(platform, rollouts, message, caller),
    UpdateService: (message: unknown, caller: Caller) => updateService(platform, rollouts, message, caller),
    DeleteService: (message: unknown) => deleteService(platform, DeleteServiceRequest.parse(message)),
    GetService(message: unknown) {
      const service = findService(platform, GetServiceRequest.parse(message).name);
      return service.ok ? answer(viewOf(platform, service.value)) : service;
    },
    ListServices: (message: unknown) => listServices(platform, ListServicesRequest.parse(message)),
  };
}

async function deleteService(
  platform: Platform,
  request: z.infer<typeof DeleteServiceRequest>,
): Promise<Answer<object>> {
  const found = findService(platform, request.name);
  if (!found.ok) return found;
  const service = found.value;
  const conflict = checkEtag(service, request.etag);
  if (conflict !== null) return conflict;
  const operation = newOperation(platform, 'Services.DeleteService', structuredClone(service), null);
  if (request.validateOnly) return answer(operationView(operation, uriOf(platform)));
  const { store, instances, frontEnds, ledger, clock, log } = platform;
  const reply = operationView({ ...operation, done: true }, uriOf(platform));
  store.services.delete(service.name);
  for (const revision of store.revisionsOf(service)) {
    store.revisions.delete(revision.name);
    instances.retire(revision.name).catch((error) => log.error({ error: String(error) }, 'retiring failed'));
  }
  store.operations.set(operation.name, { ...operation, done: true });
  store.save();
  await frontEnds.forget(service);
  ledger.add({ at: clock.now(), api: 'cloud-run', method: 'DeleteService', name: service.name });
  return answer(reply);
}

function listServices(platform: Platform, request: z.infer<typeof ListServicesRequest>): Answer<object> {
  const parent = readParent(request.parent);
  if (!parent.ok) return parent;
  if (request.pageToken !== '') return refuse('INVALID_ARGUMENT', 'page_token: services come on one page.');
  const { project, location } = parent.value;
  const services = [...platform.store.services.values()].filter(
    (service) => service.project === project && (location === '-' || service.location === location),
  );
  return answer({ services: services.map((service) => viewOf(platform, service)), nextPageToken: '' });
}
