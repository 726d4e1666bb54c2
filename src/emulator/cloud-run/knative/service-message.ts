import { type Texts, withoutSystem } from './names.ts';
import type { V1Container, V1Service, V1Target, V1Template } from './v1-shapes.ts';

const ingresses: Readonly<Record<string, string>> = {
  all: 'INGRESS_TRAFFIC_ALL',
  internal: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
  'internal-and-cloud-load-balancing': 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
};

/** The fields of a service that v1 can say; an update names them all, as a PUT replaces them all. */
export const v1Fields = [
  'labels',
  'annotations',
  'description',
  'client',
  'clientVersion',
  'ingress',
  'launchStage',
  'defaultUriDisabled',
  'template',
  'traffic',
] as const;

/** What a v1 service says, as a v2 message. */
export function serviceMessage({ metadata, spec }: V1Service): Record<string, unknown> {
  const annotations = metadata.annotations ?? {};
  const said = (name: string) => annotations[`run.googleapis.com/${name}`] ?? '';
  return {
    labels: withoutSystem(metadata.labels),
    annotations: withoutSystem(annotations),
    description: said('description'),
    client: said('client-name'),
    clientVersion: said('client-version'),
    ingress: ingresses[said('ingress')] ?? 'INGRESS_TRAFFIC_ALL',
    launchStage: said('launch-stage') || 'LAUNCH_STAGE_UNSPECIFIED',
    defaultUriDisabled: said('default-url-disabled') === 'true',
    template: templateMessage(spec.template),
    traffic: spec.traffic.map(targetMessage),
  };
}

function templateMessage({ metadata, spec }: V1Template): Record<string, unknown> {
  const annotations = metadata.annotations ?? {};
  const { timeoutSeconds, serviceAccountName, containerConcurrency } = spec;
  return {
    revision: metadata.name ?? '',
    labels: withoutSystem(metadata.labels),
    annotations: withoutSystem(annotations),
    containers: spec.containers.map((container) => containerMessage(container, annotations)),
    ...scaling(annotations),
    ...(timeoutSeconds === undefined ? {} : { timeout: { seconds: String(timeoutSeconds), nanos: 0 } }),
    ...(serviceAccountName === undefined ? {} : { serviceAccount: serviceAccountName }),
    ...(containerConcurrency === undefined ? {} : { maxInstanceRequestConcurrency: containerConcurrency }),
  };
}

function scaling(annotations: Texts): object {
  const min = Number(annotations['autoscaling.knative.dev/minScale'] ?? 0);
  const max = Number(annotations['autoscaling.knative.dev/maxScale'] ?? 0);
  return min === 0 && max === 0 ? {} : { scaling: { minInstanceCount: min, maxInstanceCount: max } };
}

function containerMessage(container: V1Container, annotations: Texts): Record<string, unknown> {
  const { env = [], resources, ...plain } = container;
  const throttling = annotations['run.googleapis.com/cpu-throttling'];
  const boost = annotations['run.googleapis.com/startup-cpu-boost'] === 'true';
  const asked = resources?.limits !== undefined || throttling !== undefined || boost;
  return {
    ...plain,
    env: env.map(({ name, value, valueFrom }) => (valueFrom == null ? { name, value } : { name, valueSource: {} })),
    ...(asked
      ? { resources: { limits: resources?.limits ?? {}, cpuIdle: throttling !== 'false', startupCpuBoost: boost } }
      : {}),
  };
}

function targetMessage({ revisionName, latestRevision = false, percent = 0, tag = '' }: V1Target): object {
  // The platform's own answers name a revision beside `latestRevision`; the word decides.
  if (latestRevision || revisionName === undefined) {
    return { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST', revision: '', percent, tag };
  }
  return { type: 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION', revision: revisionName, percent, tag };
}
