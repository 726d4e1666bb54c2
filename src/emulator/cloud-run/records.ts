import { z } from 'zod';
import { RevisionTemplate, ServiceSpec, TrafficTarget } from './spec.ts';

/** What the emulator remembers. Instants are UTC text, names of revisions are short. */
export const Condition = z.object({
  type: z.string(),
  state: z.enum(['CONDITION_RECONCILING', 'CONDITION_FAILED', 'CONDITION_SUCCEEDED']),
  message: z.string(),
  lastTransitionTime: z.string(),
  severity: z.enum(['SEVERITY_UNSPECIFIED', 'ERROR', 'WARNING', 'INFO']).optional(),
  reason: z.enum(['REVISION_FAILED', 'CONTAINER_MISSING', 'CONTAINER_PERMISSION_DENIED', 'UNKNOWN']).optional(),
  revisionReason: z.enum(['RETIRED', 'RESERVE', 'HEALTH_CHECK_CONTAINER_ERROR']).optional(),
});
export type Condition = z.infer<typeof Condition>;

const Resource = z.object({
  name: z.string(),
  project: z.string(),
  location: z.string(),
  id: z.string(),
  uid: z.string(),
  /** Microseconds of the last change; the etag is made of it. */
  version: z.string(),
  createTime: z.string(),
  updateTime: z.string(),
  creator: z.string(),
});

export const ServiceRecord = Resource.extend({
  spec: ServiceSpec,
  /** Left out in the files of an older emulator: the creator. */
  lastModifier: z.string().optional(),
  /** Only callers with an ID token for it are let in. */
  private: z.boolean().optional(),
  generation: z.number(),
  observedGeneration: z.number(),
  latestCreated: z.string().nullable(),
  latestReady: z.string().nullable(),
  /** What is served now. A LATEST target keeps the revision that it stood for. */
  routes: z.array(TrafficTarget),
  ready: Condition,
  configurationsReady: Condition,
  routesReady: Condition,
  deleteTime: z.string().optional(),
});
export type ServiceRecord = z.infer<typeof ServiceRecord>;

export const RevisionRecord = Resource.extend({
  service: z.string(),
  template: RevisionTemplate,
  labels: z.record(z.string(), z.string()),
  state: z.enum(['starting', 'ready', 'failed']),
  conditions: z.array(Condition),
  deleteTime: z.string().optional(),
});
export type RevisionRecord = z.infer<typeof RevisionRecord>;

export const OperationRecord = z.object({
  name: z.string(),
  /** `Services.CreateService`; named in logs and messages. */
  method: z.string(),
  createdAt: z.string(),
  /** The service (full name) that it works on. */
  service: z.string(),
  /** The revision that it has to bring up; null when the call made none. */
  revision: z.string().nullable(),
  done: z.boolean(),
  error: z.object({ code: z.number(), message: z.string() }).nullable(),
  /** The resource as it was when the operation ended, or began. */
  subject: z.union([
    z.object({ kind: z.literal('service'), record: ServiceRecord }),
    z.object({ kind: z.literal('revision'), record: RevisionRecord }),
  ]),
});
export type OperationRecord = z.infer<typeof OperationRecord>;
