import { type Refusal, refuse } from '../answer.ts';
import { isRevisionId } from './names.ts';
import type { Container, RevisionTemplate, ServiceSpec, TrafficTarget } from './spec.ts';

const reservedEnv = new Set(['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION']);

/** `gcloud` puts it on each template, so that every deployment makes a revision. */
const nonceLabel = 'client.knative.dev/nonce';

/** The first thing wrong with what a client asks for, in the API's kind of words; null when it can be tried. */
export function validateService(service: string, spec: ServiceSpec): Refusal | null {
  return (
    validateLabels('service.labels', spec.labels) ??
    validateTemplate(service, spec.template) ??
    validateTraffic(service, spec.traffic)
  );
}

function validateTemplate(service: string, template: RevisionTemplate): Refusal | null {
  if (template.revision !== '' && !isRevisionId(template.revision, service)) {
    return refuse(
      'INVALID_ARGUMENT',
      `template.revision: Revision name '${template.revision}' must be prefixed by the name of the enclosing Service followed by a -, use only lowercase alphanumeric characters and -, and have at most 63 characters.`,
    );
  }
  const [container, ...others] = template.containers;
  if (container === undefined)
    return refuse('INVALID_ARGUMENT', 'template.containers: must contain at least one container.');
  if (others.length > 0)
    return refuse('UNIMPLEMENTED', 'template.containers: the emulator runs one container a revision.');
  if (template.volumes.length > 0) return refuse('UNIMPLEMENTED', 'template.volumes: the emulator mounts no volumes.');
  return validateLabels('template.labels', template.labels) ?? validateContainer(container);
}

function validateContainer(container: Container): Refusal | null {
  if (container.image === '') return refuse('INVALID_ARGUMENT', 'template.containers[0].image: must not be empty.');
  if (container.command.length === 0) {
    return refuse(
      'INVALID_ARGUMENT',
      'template.containers[0].command: images of the emulator have no entry point of their own.',
    );
  }
  if (container.volumeMounts.length > 0 || container.workingDir !== '') {
    return refuse('UNIMPLEMENTED', 'template.containers[0]: the emulator knows no volume_mounts and no working_dir.');
  }
  if (container.startupProbe?.grpc != null) {
    return refuse('UNIMPLEMENTED', 'template.containers[0].startup_probe.grpc: the emulator probes by TCP and HTTP.');
  }
  const secret = container.env.find(({ valueSource }) => valueSource != null);
  if (secret !== undefined) {
    return refuse(
      'UNIMPLEMENTED',
      `template.containers[0].env: '${secret.name}' asks for a secret; the emulator has none.`,
    );
  }
  return validateEnv(container.env.map(({ name }) => name));
}

function validateEnv(names: readonly string[]): Refusal | null {
  const reserved = names.filter((name) => reservedEnv.has(name));
  if (reserved.length > 0) {
    return refuse(
      'INVALID_ARGUMENT',
      `template.containers[0].env: The following reserved env names were provided: ${reserved.join(', ')}. These values are automatically set by the system.`,
    );
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return refuse('INVALID_ARGUMENT', `template.containers[0].env: '${twice}' is given twice.`);
  const bad = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  return bad === undefined ? null : refuse('INVALID_ARGUMENT', `template.containers[0].env: '${bad}' is no name.`);
}

function validateTraffic(service: string, traffic: readonly TrafficTarget[]): Refusal | null {
  if (traffic.length === 0) return null;
  const percent = traffic.reduce((sum, target) => sum + target.percent, 0);
  if (percent !== 100) return refuse('INVALID_ARGUMENT', `traffic: percent values must sum to 100, found ${percent}.`);
  const tags = traffic.map(({ tag }) => tag).filter((tag) => tag !== '');
  const twice = tags.find((tag, index) => tags.indexOf(tag) !== index);
  if (twice !== undefined)
    return refuse('INVALID_ARGUMENT', `traffic: tag '${twice}' is given to more than one target.`);
  for (const target of traffic) {
    const refusal = validateTarget(service, target);
    if (refusal !== null) return refusal;
  }
  return null;
}

function validateTarget(service: string, { type, revision, percent, tag }: TrafficTarget): Refusal | null {
  if (percent < 0 || percent > 100)
    return refuse('INVALID_ARGUMENT', `traffic: percent ${percent} is not between 0 and 100.`);
  if (tag !== '' && (!/^[a-z](?:[-a-z0-9]*[a-z0-9])?$/.test(tag) || tag.length + service.length + 3 > 63)) {
    return refuse('INVALID_ARGUMENT', `traffic: tag '${tag}' is no DNS label, or too long together with '${service}'.`);
  }
  if (type === 'TRAFFIC_TARGET_ALLOCATION_TYPE_UNSPECIFIED') {
    return refuse('INVALID_ARGUMENT', 'traffic: the type of each target must be given.');
  }
  const named = type === 'TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION';
  if (named === (revision !== '')) return null;
  return refuse(
    'INVALID_ARGUMENT',
    named
      ? 'traffic: a target of type REVISION must name one.'
      : `traffic: '${revision}' is named in a target of type LATEST.`,
  );
}

function validateLabels(where: string, labels: Readonly<Record<string, string>>): Refusal | null {
  for (const [key, value] of Object.entries(labels)) {
    if (key === nonceLabel) continue;
    if (
      /^(?:[^/]+\.)?(?:run\.googleapis\.com|cloud\.googleapis\.com|serving\.knative\.dev|autoscaling\.knative\.dev)\//.test(
        key,
      )
    ) {
      return refuse('INVALID_ARGUMENT', `${where}: label '${key}' lies in a namespace of the system.`);
    }
    if (!/^[a-z][a-z0-9_-]{0,62}$/.test(key) || !/^[a-z0-9_-]{0,63}$/.test(value)) {
      return refuse(
        'INVALID_ARGUMENT',
        `${where}: label '${key}: ${value}' may hold only lowercase letters, digits, underscores and dashes, at most 63 of them.`,
      );
    }
  }
  return null;
}
