import { z } from 'zod';
import { type Answer, answer, type Refusal, refuse } from '../answer.ts';
import { newOperation } from './make-records.ts';
import { type RevisionName, readRevisionName, readServiceName, serviceName } from './names.ts';
import type { Platform } from './platform.ts';
import type { OperationRecord, RevisionRecord, ServiceRecord } from './records.ts';
import { targetsOf } from './traffic.ts';
import { operationView, revisionView } from './views.ts';

const pageSizeDefault = 100;
const GetRevisionRequest = z.object({ name: z.string() });
const ListRevisionsRequest = z.object({ parent: z.string(), pageSize: z.number(), pageToken: z.string() });
const DeleteRevisionRequest = z.object({ name: z.string(), validateOnly: z.boolean() });

/** google.cloud.run.v2.Revisions. */
export function revisionsApi(platform: Platform) {
  return {
    GetRevision(message: unknown) {
      const revision = find(platform, GetRevisionRequest.parse(message).name);
      return revision.ok ? answer(revisionView(revision.value)) : revision;
    },
    ListRevisions: (message: unknown) => listRevisions(platform, ListRevisionsRequest.parse(message)),
    DeleteRevision: (message: unknown) => deleteRevision(platform, DeleteRevisionRequest.parse(message)),
  };
}

/** Newest first. The page token is the name of the last one told. */
function listRevisions(platform: Platform, request: z.infer<typeof ListRevisionsRequest>): Answer<object> {
  const parent = readServiceName(request.parent);
  if (!parent.ok) return parent;
  const all = [...platform.store.revisions.values()]
    .filter(({ name }) => parent.value.id === '-' || name.startsWith(`${request.parent}/revisions/`))
    .sort((a, b) => (a.createTime < b.createTime ? 1 : -1));
  const last = request.pageToken === '' ? -1 : all.findIndex(({ name }) => name === request.pageToken);
  if (request.pageToken !== '' && last < 0)
    return refuse('INVALID_ARGUMENT', 'page_token is malformed, or its revision is gone.');
  const size = request.pageSize || pageSizeDefault;
  const page = all.slice(last + 1, last + 1 + size);
  const more = last + 1 + size < all.length;
  return answer({ revisions: page.map(revisionView), nextPageToken: more ? (page.at(-1)?.name ?? '') : '' });
}

function deleteRevision(platform: Platform, request: z.infer<typeof DeleteRevisionRequest>): Answer<object> {
  const found = find(platform, request.name);
  if (!found.ok) return found;
  const revision = found.value;
  const { store, instances, ledger, clock, log } = platform;
  const service = store.services.get(revision.service);
  if (service === undefined) return refuse('NOT_FOUND', `Service of revision '${revision.id}' does not exist.`);
  const refusal = keeps(service, revision);
  if (refusal !== null) return refusal;
  const operation: OperationRecord = {
    ...newOperation(platform, 'Revisions.DeleteRevision', service, revision),
    done: true,
    subject: { kind: 'revision', record: { ...revision, deleteTime: clock.now() } },
  };
  const reply = operationView(operation, () => '');
  if (request.validateOnly) return answer(reply);
  store.revisions.delete(revision.name);
  store.operations.set(operation.name, operation);
  store.save();
  instances.retire(revision.name).catch((error) => log.error({ error: String(error) }, 'retiring failed'));
  ledger.add({
    at: clock.now(),
    api: 'cloud-run',
    method: 'DeleteRevision',
    name: revision.name,
    labels: revision.labels,
  });
  return answer(reply);
}

/** Why the revision has to stay: it is routed to (a tag counts), or it is the latest one. */
function keeps(service: ServiceRecord, revision: RevisionRecord): Refusal | null {
  if ([...service.routes, ...targetsOf(service)].some((target) => target.revision === revision.id)) {
    return refuse('FAILED_PRECONDITION', `Revision '${revision.id}' is able to receive traffic and cannot be deleted.`);
  }
  if (service.latestCreated !== revision.id) return null;
  return refuse('FAILED_PRECONDITION', 'latest created Revision cannot be directly deleted');
}

function find(platform: Platform, name: string): Answer<RevisionRecord> {
  const parsed = readRevisionName(name);
  if (!parsed.ok) return parsed;
  const revision = platform.store.revisions.get(name);
  return revision === undefined ? missing(parsed.value) : answer(revision);
}

function missing(name: RevisionName): Refusal {
  const parent = serviceName({ ...name, id: name.service });
  return refuse(
    'NOT_FOUND',
    `Resource '${name.id}' of kind 'REVISION' of '${parent}' in region '${name.location}' does not exist.`,
  );
}
