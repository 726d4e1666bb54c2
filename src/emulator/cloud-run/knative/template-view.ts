import { fromTimestamp } from '../../clock.ts';
import { camelWords, told } from './names.ts';
import type { V2Condition, V2Container, V2Pod } from './v2-shapes.ts';

/** The pod of a v2 template or revision, as v1 tells it. */
export function podView(template: V2Pod): object {
  return told({
    containerConcurrency: template.maxInstanceRequestConcurrency,
    timeoutSeconds: Number(template.timeout?.seconds ?? 0),
    serviceAccountName: template.serviceAccount,
    containers: template.containers.map(containerView),
  });
}

function containerView(container: V2Container): object {
  const { name, image, command, args, env, ports, resources, startupProbe, livenessProbe } = container;
  return told({
    name,
    image,
    command,
    args,
    env: (Array.isArray(env) ? env : []).map(({ name, value }) => told({ name, value })),
    ports: (Array.isArray(ports) ? ports : []).map(({ name, containerPort }) => told({ name, containerPort })),
    resources: told({ limits: resources?.limits }),
    startupProbe: probeView(startupProbe),
    livenessProbe: probeView(livenessProbe),
  });
}

function probeView(probe: unknown): object | undefined {
  if (typeof probe !== 'object' || probe === null) return undefined;
  // `probeType` is the wire library's own word for which of the three it is.
  const { probeType: _type, ...fields } = probe as Record<string, unknown>;
  return told(fields);
}

/** What v2 has as fields and v1 as annotations of the template. */
export function templateAnnotations({ scaling, containers, annotations }: V2Pod): object {
  const resources = containers[0]?.resources;
  return told({
    ...annotations,
    'autoscaling.knative.dev/minScale': count(scaling?.minInstanceCount),
    'autoscaling.knative.dev/maxScale': count(scaling?.maxInstanceCount),
    ...(resources == null ? {} : { 'run.googleapis.com/cpu-throttling': String(resources.cpuIdle) }),
    'run.googleapis.com/startup-cpu-boost': resources?.startupCpuBoost ? 'true' : '',
  });
}

function count(value: number | undefined): string {
  return value ? String(value) : '';
}

const statuses: Readonly<Record<string, string>> = { CONDITION_SUCCEEDED: 'True', CONDITION_FAILED: 'False' };

export function conditionView(condition: V2Condition): object {
  const { type, state, message, severity = '', reason, revisionReason } = condition;
  const word = revisionReason ?? reason ?? '';
  return {
    type,
    status: statuses[state] ?? 'Unknown',
    ...told({ message, reason: camelWords(word), severity: severity === 'ERROR' ? '' : camelWords(severity) }),
    lastTransitionTime: fromTimestamp(condition.lastTransitionTime),
  };
}
