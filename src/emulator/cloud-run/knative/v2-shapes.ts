import { z } from 'zod';

/** The parts of v2's Service and Revision, as our own methods answer them, that v1 tells too. */
const Texts = z.record(z.string(), z.string());
const Instant = z.object({ seconds: z.string(), nanos: z.number() });
const Condition = z.object({
  type: z.string(),
  state: z.string(),
  message: z.string().default(''),
  severity: z.string().optional(),
  reason: z.string().optional(),
  revisionReason: z.string().optional(),
  lastTransitionTime: Instant,
});
export type V2Condition = z.infer<typeof Condition>;

const Resources = z.looseObject({
  limits: Texts.default({}),
  cpuIdle: z.boolean().default(false),
  startupCpuBoost: z.boolean().default(false),
});
export const V2Container = z.looseObject({ image: z.string(), resources: Resources.nullish() });
export type V2Container = z.infer<typeof V2Container>;

const templateFields = {
  labels: Texts.default({}),
  annotations: Texts.default({}),
  containers: z.array(V2Container).default([]),
  scaling: z
    .looseObject({ minInstanceCount: z.number().optional(), maxInstanceCount: z.number().optional() })
    .nullish(),
  timeout: z.object({ seconds: z.string() }).nullish(),
  serviceAccount: z.string().default(''),
  maxInstanceRequestConcurrency: z.number().default(0),
};
/** What a template and a revision have in common. */
const V2Pod = z.object(templateFields);
export type V2Pod = z.infer<typeof V2Pod>;
export const V2Template = z.looseObject({ revision: z.string().default(''), ...templateFields });

const V2Target = z.object({
  type: z.string(),
  revision: z.string().default(''),
  percent: z.number().default(0),
  tag: z.string().default(''),
  uri: z.string().default(''),
});
export type V2Target = z.infer<typeof V2Target>;

export const V2Service = z.looseObject({
  name: z.string(),
  uid: z.string(),
  etag: z.string(),
  generation: z.string(),
  observedGeneration: z.string(),
  createTime: Instant,
  creator: z.string(),
  lastModifier: z.string(),
  labels: Texts,
  annotations: Texts,
  description: z.string().default(''),
  client: z.string().default(''),
  clientVersion: z.string().default(''),
  ingress: z.string().default(''),
  launchStage: z.string().default(''),
  defaultUriDisabled: z.boolean().default(false),
  template: V2Template,
  traffic: z.array(V2Target),
  trafficStatuses: z.array(V2Target),
  terminalCondition: Condition,
  conditions: z.array(Condition),
  latestReadyRevision: z.string(),
  latestCreatedRevision: z.string(),
  uri: z.string(),
});
export type V2Service = z.infer<typeof V2Service>;

export const V2Revision = z.looseObject({
  name: z.string(),
  uid: z.string(),
  etag: z.string(),
  service: z.string(),
  createTime: Instant,
  creator: z.string(),
  conditions: z.array(Condition),
  ...templateFields,
});
export type V2Revision = z.infer<typeof V2Revision>;
