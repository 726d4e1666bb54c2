import { fail, type Result, succeed } from '../../core/result.ts';
import type { CandidateRequest, ServiceFacts } from '../../ports/deployer.ts';
import { changeService } from './change-service.ts';
import { readiness } from './condition.ts';
import type { Platform } from './platform.ts';
import { templateFor } from './revision-template.ts';
import { allToBesideReference, firstTraffic, hasTag, pinnedWithTag, servesAll } from './traffic-plan.ts';
import { operationEnd, operationFailure, revisionEnd } from './wait.ts';
import type { WireOperation, WireRevision, WireTraffic } from './wire.ts';

/**
 * Makes the revision, or finds the one that an earlier call made, and waits until the platform says how it came up.
 * One update carries revision and allocation, so that no moment exists in which the new revision serves by accident.
 */
export async function deployRevision(
  platform: Platform,
  request: CandidateRequest,
  signal: AbortSignal,
): Promise<Result<WireRevision>> {
  const existing = await platform.revision(request.service, request.revision, signal);
  if (existing.ok) return resume(platform, request, existing.value, signal);
  if (existing.failure.code !== 'not-found') return existing;
  const operation = await make(platform, request, signal);
  if (!operation.ok) return operation;
  return outcome(platform, request, operation.value, signal);
}

async function resume(
  platform: Platform,
  request: CandidateRequest,
  revision: WireRevision,
  signal: AbortSignal,
): Promise<Result<WireRevision>> {
  const madeBy = revision.labels?.['loop-run'] ?? null;
  if (madeBy !== (request.labels['loop-run'] ?? null)) {
    return fail('conflict', `revision ${request.revision} exists and was made by ${madeBy ?? 'someone else'}`);
  }
  const ended = await revisionEnd(platform, request.service, request.revision, signal);
  if (!ended.ok) return ended;
  const ready = started(request, ended.value);
  if (!ready.ok) return ready;
  const allocated = await allocate(platform, request, signal);
  return allocated.ok ? ready : allocated;
}

async function make(
  platform: Platform,
  request: CandidateRequest,
  signal: AbortSignal,
): Promise<Result<WireOperation>> {
  const made = await changeService(
    platform,
    request.service,
    (facts, service) => ({
      service: {
        template: templateFor(service.template ?? null, request),
        traffic: allocation(facts.traffic, request),
      },
      mask: ['template', 'traffic'],
    }),
    signal,
  );
  if (made.ok) return succeed(made.value ?? { done: true });
  if (made.failure.code !== 'not-found') return made;
  const service = { template: templateFor(null, request), traffic: firstTraffic(request.tag, request.revision) };
  const begun = await platform.create(request.service, service, signal);
  return begun.ok ? operationEnd(platform, begun.value, signal, request.service) : begun;
}

/** The operation's end says little about why; the revision's own condition does. */
async function outcome(
  platform: Platform,
  request: CandidateRequest,
  operation: WireOperation,
  signal: AbortSignal,
): Promise<Result<WireRevision>> {
  const failed = operationFailure(`deploy ${request.revision}`, operation);
  const revision = failed
    ? await platform.revision(request.service, request.revision, signal)
    : await revisionEnd(platform, request.service, request.revision, signal);
  if (!revision.ok) return failed ?? revision;
  const ready = started(request, revision.value);
  return ready.ok && failed ? failed : ready;
}

function started(request: CandidateRequest, revision: WireRevision): Result<WireRevision> {
  const { state, message } = readiness(revision);
  if (state === 'succeeded') return succeed(revision);
  return fail(
    'not-started',
    message ?? `revision ${request.revision} did not become ready`,
    `read the last log entries of ${request.revision}`,
  );
}

/** Puts back the tag or the traffic of a revision that came up, should an update of someone else have dropped it. */
async function allocate(platform: Platform, request: CandidateRequest, signal: AbortSignal): Promise<Result<null>> {
  const operation = await changeService(
    platform,
    request.service,
    (facts) => {
      const there =
        request.tag === null ? servesAll(facts.traffic, request.revision) : isTagged(facts.traffic, request);
      return there ? null : { service: { traffic: allocation(facts.traffic, request) }, mask: ['traffic'] };
    },
    signal,
  );
  if (!operation.ok) return operation;
  return (operation.value && operationFailure(`allocate ${request.revision}`, operation.value)) ?? succeed(null);
}

type Traffic = ServiceFacts['traffic'];

function allocation(traffic: Traffic, { tag, revision }: CandidateRequest): WireTraffic[] {
  return tag === null ? allToBesideReference(traffic, revision) : pinnedWithTag(traffic, tag, revision);
}

function isTagged(traffic: Traffic, { tag, revision }: CandidateRequest): boolean {
  return tag !== null && hasTag(traffic, tag, revision);
}
