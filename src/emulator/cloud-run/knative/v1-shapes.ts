import { z } from 'zod';
import { told } from './names.ts';

/** What a client of v1 may say about a service. Unknown parts of the pod are refused by name, not lost. */
const Texts = z.record(z.string(), z.string());

const Env = z.object({ name: z.string(), value: z.string().optional(), valueFrom: z.unknown().optional() });
const Container = z.strictObject({
  name: z.string().optional(),
  image: z.string(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  env: z.array(Env).optional(),
  ports: z.array(z.object({ name: z.string().optional(), containerPort: z.number().optional() })).optional(),
  resources: z.object({ limits: Texts.optional() }).optional(),
  startupProbe: z.looseObject({}).optional(),
  livenessProbe: z.looseObject({}).optional(),
});
/** Clients send empty objects for what they do not use. */
function withoutEmpty(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? told(value) : value;
}

export const V1Container = z.preprocess(withoutEmpty, Container);
export type V1Container = z.infer<typeof V1Container>;

const PodSpec = z.strictObject({
  containers: z.array(V1Container),
  containerConcurrency: z.number().optional(),
  timeoutSeconds: z.number().optional(),
  serviceAccountName: z.string().optional(),
});
export const V1Template = z.object({
  metadata: z
    .object({ name: z.string().nullish(), labels: Texts.optional(), annotations: Texts.optional() })
    .default({}),
  spec: z.preprocess(withoutEmpty, PodSpec),
});
export type V1Template = z.infer<typeof V1Template>;

const V1Target = z.object({
  revisionName: z.string().optional(),
  latestRevision: z.boolean().optional(),
  percent: z.number().optional(),
  tag: z.string().optional(),
});
export type V1Target = z.infer<typeof V1Target>;

export const V1Service = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    resourceVersion: z.string().optional(),
    labels: Texts.optional(),
    annotations: Texts.optional(),
  }),
  spec: z.object({ template: V1Template, traffic: z.array(V1Target).default([]) }),
});
export type V1Service = z.infer<typeof V1Service>;
