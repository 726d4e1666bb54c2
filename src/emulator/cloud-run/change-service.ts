import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type Answer, answer, refuse } from '../answer.ts';
import type { Caller } from '../caller.ts';
import { auditedName } from './audit.ts';
import { reconciling } from './conditions.ts';
import { applyMask } from './field-mask.ts';
import { newOperation, newRevision, newService, versionAt } from './make-records.ts';
import { isServiceId, readParent, readServiceName, type ServiceName } from './names.ts';
import { type Platform, principalOf } from './platform.ts';
import type { OperationRecord, RevisionRecord, ServiceRecord } from './records.ts';
import type { Rollouts } from './rollout.ts';
import { checkEtag, serviceNotFound, uriOf } from './service-lookup.ts';
import { pickWritable, ServiceSpec } from './spec.ts';
import { validateService } from './validate-service.ts';
import { operationView } from './views.ts';

const Message = z.looseObject({ name: z.string(), etag: z.string() });
const CreateServiceRequest = z.object({
  parent: z.string(),
  service: Message.nullable(),
  serviceId: z.string(),
  validateOnly: z.boolean(),
});
const UpdateServiceRequest = z.object({
  service: Message.nullable(),
  updateMask: z.object({ paths: z.array(z.string()) }).nullish(),
  validateOnly: z.boolean(),
  allowMissing: z.boolean(),
});

export function createService(
  platform: Platform,
  rollouts: Rollouts,
  message: unknown,
  caller: Caller,
): Answer<object> {
  const request = CreateServiceRequest.parse(message);
  const parent = readParent(request.parent);
  if (!parent.ok) return parent;
  const name = { ...parent.value, id: request.serviceId };
  return create({ platform, rollouts, caller }, name, request.service ?? {}, request.validateOnly);
}

/** What a change is carried out with, and for whom. */
interface Change {
  readonly platform: Platform;
  readonly rollouts: Rollouts;
  readonly caller: Caller;
}

function create(
  change: Change,
  name: ServiceName,
  message: Readonly<Record<string, unknown>>,
  validateOnly: boolean,
): Answer<object> {
  if (!isServiceId(name.id)) {
    return refuse(
      'INVALID_ARGUMENT',
      `service_id: '${name.id}' must begin with a letter, contain only lowercase letters, digits and hyphens, and have fewer than 50 characters.`,
    );
  }
  const spec = readSpec(name.id, pickWritable(message));
  if (!spec.ok) return spec;
  const { platform, caller } = change;
  const creator = principalOf(caller, name.project);
  const service = newService(platform, name, spec.value, creator);
  if (platform.store.services.has(service.name))
    return refuse('ALREADY_EXISTS', `Resource '${name.id}' already exists.`);
  const revision = newRevision(platform, service, creator);
  service.latestCreated = revision.id;
  if (validateOnly) return answer(operationView(dryRun(platform, 'Services.CreateService', service), uriOf(platform)));
  platform.store.services.set(service.name, service);
  platform.store.revisions.set(revision.name, revision);
  return accept(change, 'CreateService', service, revision);
}

export function updateService(platform: Platform, rollouts: Rollouts, given: unknown, caller: Caller): Answer<object> {
  const request = UpdateServiceRequest.parse(given);
  const message = request.service ?? { name: '', etag: '' };
  const name = readServiceName(message.name);
  if (!name.ok) return name;
  const found = platform.store.services.get(message.name);
  if (found === undefined && request.allowMissing)
    return create({ platform, rollouts, caller }, name.value, message, request.validateOnly);
  if (found === undefined) return serviceNotFound(message.name);
  const conflict = checkEtag(found, message.etag);
  if (conflict !== null) return conflict;
  const merged = applyMask(found.spec, pickWritable(message), request.updateMask?.paths ?? []);
  if (!merged.ok) return merged;
  const spec = readSpec(found.id, merged.value);
  if (!spec.ok) return spec;
  const lastModifier = principalOf(caller, found.project);
  const next: ServiceRecord = { ...found, spec: spec.value, generation: found.generation + 1, lastModifier };
  const revision = revisionFor(platform, found, next);
  if (!revision.ok) return revision;
  if (revision.value !== null) next.latestCreated = revision.value.id;
  if (request.validateOnly)
    return answer(operationView(dryRun(platform, 'Services.UpdateService', next), uriOf(platform)));
  Object.assign(found, next, changed(platform));
  if (revision.value !== null) platform.store.revisions.set(revision.value.name, revision.value);
  return accept({ platform, rollouts, caller }, 'UpdateService', found, revision.value);
}

/**
 * The revision that the change is about: a new one when the template changed, none when it did not. A name that exists is
 * taken up again for the same configuration and refused for another.
 */
function revisionFor(platform: Platform, before: ServiceRecord, next: ServiceRecord): Answer<RevisionRecord | null> {
  if (isDeepStrictEqual(before.spec.template, next.spec.template)) return answer(null);
  const { revision: name } = next.spec.template;
  const existing = name === '' ? undefined : platform.store.revisionOf(before, name);
  if (existing === undefined) return answer(newRevision(platform, next, next.lastModifier ?? next.creator));
  if (isDeepStrictEqual(existing.template, next.spec.template)) return answer(existing);
  return refuse('ALREADY_EXISTS', `Revision named '${name}' with different configuration already exists.`);
}

/** Both ends of a change: kept on disk before it is answered, told in the ledger, carried out behind it. */
function accept(
  { platform, rollouts, caller }: Change,
  method: 'CreateService' | 'UpdateService',
  service: ServiceRecord,
  revision: RevisionRecord | null,
): Answer<object> {
  const { store, clock, ledger } = platform;
  const at = clock.now();
  service.ready = reconciling('Ready', at);
  const operation = newOperation(platform, auditedName(method, caller.api), service, revision);
  store.operations.set(operation.name, operation);
  store.save();
  ledger.add({
    at,
    api: 'cloud-run',
    method,
    name: service.name,
    detail: { revision: revision?.id ?? null, traffic: service.spec.traffic },
    labels: { ...service.spec.labels, ...service.spec.template.labels },
  });
  const reply = operationView(
    { ...operation, subject: { kind: 'service', record: structuredClone(service) } },
    uriOf(platform),
  );
  rollouts.begin(operation);
  return answer(reply);
}

function readSpec(id: string, fields: Record<string, unknown>): Answer<ServiceSpec> {
  const spec = ServiceSpec.safeParse(fields);
  if (!spec.success) {
    const issue = spec.error.issues[0];
    return refuse('INVALID_ARGUMENT', `service.${issue?.path.join('.')}: ${issue?.message}`);
  }
  return validateService(id, spec.data) ?? answer(spec.data);
}

function changed(platform: Platform) {
  const at = platform.clock.now();
  return { updateTime: at, version: versionAt(at) };
}

/** An operation that is answered and not kept. */
function dryRun(platform: Platform, method: string, service: ServiceRecord): OperationRecord {
  return newOperation(platform, method, structuredClone(service), null);
}
