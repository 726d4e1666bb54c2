import { z } from 'zod';

/**
 * What a client may set on a service, in the wire library's shape (enums by name, int64 as text). Fields that
 * the emulator does not act on are kept as they came: a reader gets back what was written.
 */
const Labels = z.record(z.string(), z.string()).default({});
const Duration = z.object({ seconds: z.string(), nanos: z.number() });

export const Probe = z.looseObject({
  initialDelaySeconds: z.number().default(0),
  periodSeconds: z.number().default(0),
  failureThreshold: z.number().default(0),
  httpGet: z.looseObject({ path: z.string().default('') }).nullish(),
  tcpSocket: z.unknown().optional(),
  grpc: z.unknown().optional(),
});
export type Probe = z.infer<typeof Probe>;

const EnvVar = z.looseObject({ name: z.string(), value: z.string().optional(), valueSource: z.unknown().optional() });

export const Container = z.looseObject({
  image: z.string(),
  command: z.array(z.string()).default([]),
  args: z.array(z.string()).default([]),
  env: z.array(EnvVar).default([]),
  volumeMounts: z.array(z.unknown()).default([]),
  workingDir: z.string().default(''),
  startupProbe: Probe.nullish(),
});
export type Container = z.infer<typeof Container>;

export const RevisionTemplate = z.looseObject({
  revision: z.string().default(''),
  labels: Labels,
  annotations: Labels,
  containers: z.array(Container).default([]),
  volumes: z.array(z.unknown()).default([]),
  timeout: Duration.nullish(),
});
export type RevisionTemplate = z.infer<typeof RevisionTemplate>;

export const TrafficTarget = z.object({
  type: z.enum([
    'TRAFFIC_TARGET_ALLOCATION_TYPE_UNSPECIFIED',
    'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST',
    'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION',
  ]),
  /** Short name; empty with LATEST. */
  revision: z.string().default(''),
  percent: z.number().default(0),
  tag: z.string().default(''),
});
export type TrafficTarget = z.infer<typeof TrafficTarget>;

export const ServiceSpec = z.looseObject({
  description: z.string().default(''),
  labels: Labels,
  annotations: Labels,
  template: RevisionTemplate,
  traffic: z.array(TrafficTarget).default([]),
});
export type ServiceSpec = z.infer<typeof ServiceSpec>;

/** The fields of a service that are the client's; everything else is output. */
export const writableFields = [
  'description',
  'labels',
  'annotations',
  'client',
  'clientVersion',
  'ingress',
  'launchStage',
  'template',
  'traffic',
  'scaling',
  'invokerIamDisabled',
  'defaultUriDisabled',
  'customAudiences',
] as const;

export function pickWritable(service: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(writableFields.filter((field) => field in service).map((field) => [field, service[field]]));
}

export const latestTarget: TrafficTarget = {
  type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST',
  revision: '',
  percent: 100,
  tag: '',
};
