import { isDeepStrictEqual } from 'node:util';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { type ServiceName, serviceName } from '../names.ts';
import type { ServiceRecord } from '../records.ts';
import { serviceMessage, v1Fields } from './service-message.ts';
import { podView, templateAnnotations } from './template-view.ts';
import type { V1Service } from './v1-shapes.ts';
import { V2Template } from './v2-shapes.ts';

/** A message of a v2 method as it arrives over gRPC: every default filled in, nothing that the API does not know. */
export type ToWire = (method: 'CreateService' | 'UpdateService', message: object) => object;

export function wireOf(services: ServiceDefinition): ToWire {
  return (method, message) => {
    const definition = services[method];
    if (definition === undefined) throw new Error(`no ${method} in the definitions`);
    return definition.requestDeserialize(definition.requestSerialize(message)) as object;
  };
}

/** The v2 messages that say what a v1 service says: one to create it, one to replace it. */
export function changeMessage(
  toWire: ToWire,
  name: ServiceName,
  given: V1Service,
  stored: ServiceRecord | undefined,
  validateOnly: boolean,
): { readonly create: object; readonly update: object } {
  const { project, location, id } = name;
  const said = serviceMessage(given);
  const template = stored === undefined ? said.template : mergedTemplate(given, said.template, stored);
  const { resourceVersion } = given.metadata;
  const service = {
    ...said,
    template,
    name: serviceName(name),
    etag: resourceVersion === undefined ? '' : `"${resourceVersion}"`,
  };
  return {
    create: toWire('CreateService', {
      parent: `projects/${project}/locations/${location}`,
      serviceId: id,
      service: { ...service, etag: '' },
      validateOnly,
    }),
    update: toWire('UpdateService', { service, updateMask: { paths: [...v1Fields] }, validateOnly }),
  };
}

const templateFields = ['revision', 'labels', 'annotations', 'containers', 'scaling', 'timeout', 'serviceAccount'];
const moreTemplateFields = ['maxInstanceRequestConcurrency'];
const containerFields = ['name', 'image', 'command', 'args', 'env', 'ports', 'resources', 'startupProbe'];
const moreContainerFields = ['livenessProbe'];

/** What v1 cannot say is kept as it is stored; a template that says nothing new is the stored one, so that no revision is made. */
function mergedTemplate(given: V1Service, said: unknown, { spec }: ServiceRecord): unknown {
  if (sameInV1(given, spec.template)) return spec.template;
  const [container] = spec.template.containers;
  const template = said as { containers: object[] };
  return {
    ...without(spec.template, [...templateFields, ...moreTemplateFields]),
    ...template,
    containers: template.containers.map((one, index) =>
      index === 0 && container !== undefined
        ? { ...without(container, [...containerFields, ...moreContainerFields]), ...one }
        : one,
    ),
  };
}

function sameInV1({ spec: { template } }: V1Service, stored: unknown): boolean {
  const before = V2Template.parse(stored);
  const { name, labels = {}, annotations = {} } = template.metadata;
  return (
    (name ?? '') === before.revision &&
    isDeepStrictEqual(labels, before.labels) &&
    isDeepStrictEqual(own(annotations), own({ ...templateAnnotations(before) })) &&
    isDeepStrictEqual(plain(template.spec), plain(podView(before)))
  );
}

/** `gcloud` names itself in each template it sends; that alone is no change. */
function own(annotations: Readonly<Record<string, unknown>>): object {
  return without(annotations, ['run.googleapis.com/client-name', 'run.googleapis.com/client-version']);
}

function without(object: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

function plain(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}
