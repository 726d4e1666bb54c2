import type { ContainerSpec } from '../../ports/deployer.ts';
import { mainContainer } from './main-container.ts';
import { withSettings } from './wanted-settings.ts';
import type { WireContainer, WireTemplate } from './wire.ts';

/** Annotation of a template: the names of the settings that loop gave it, so that one that is asked for no more can be taken away. */
const annotation = 'loop-given';

const settingNames = {
  port: 'port',
  cpu: 'cpu',
  memory: 'memory',
  concurrency: 'concurrency',
  timeoutSeconds: 'timeout',
  serviceAccount: 'service account',
  minInstances: 'min instances',
  maxInstances: 'max instances',
  vpcConnector: 'vpc connector',
  vpcEgress: 'vpc egress',
  sqlInstances: 'sql instances',
} as const satisfies Record<keyof ContainerSpec['settings'], string>;

/** The names that loop gave, under which `Settings` tells them; empty where it gave none, or the annotation is not ours to read. */
export function givenIn(annotations: Readonly<Record<string, string>> | null | undefined): string[] {
  const names = (annotations?.[annotation] ?? '').split(',');
  return names.filter((name) => name !== '');
}

/** The template with what loop gave it earlier, and is not asked for any more, taken away; and with the names that it is given now. */
export function withGiven(template: WireTemplate, wanted: ContainerSpec): WireTemplate {
  const names = [
    ...Object.keys(wanted.env).map((name) => `env ${name}`),
    ...Object.keys(wanted.settings).map((key) => settingNames[key as keyof typeof settingNames]),
  ].sort();
  const gone = givenIn(template.annotations).filter((name) => !names.includes(name));
  const cleaned = gone.reduce(without, template);
  return { ...cleaned, annotations: { ...template.annotations, [annotation]: names.join(',') } };
}

/** Without a setting the platform's own default holds. */
function without(template: WireTemplate, name: string): WireTemplate {
  switch (name) {
    case 'port':
      return ofMain(template, (container) => ({ ...container, ports: [] }));
    case 'cpu':
    case 'memory':
      return ofMain(template, (container) => withoutLimit(container, name));
    case 'concurrency':
      return { ...template, maxInstanceRequestConcurrency: 0 };
    case 'timeout':
      return { ...template, timeout: null };
    case 'service account':
      return { ...template, serviceAccount: '' };
    case 'min instances':
      return { ...template, scaling: { ...template.scaling, minInstanceCount: 0 } };
    case 'max instances':
      return { ...template, scaling: { ...template.scaling, maxInstanceCount: 0 } };
    case 'vpc connector':
    case 'vpc egress':
      return { ...template, vpcAccess: null };
    case 'sql instances':
      return withSettings(template, { sqlInstances: [] });
  }
  return ofMain(template, (container) => ({
    ...container,
    env: (container.env ?? []).filter((variable) => `env ${variable.name}` !== name),
  }));
}

function withoutLimit(container: WireContainer, name: 'cpu' | 'memory'): WireContainer {
  const { [name]: _gone, ...limits } = container.resources?.limits ?? {};
  return { ...container, resources: { ...container.resources, limits } };
}

function ofMain(template: WireTemplate, change: (container: WireContainer) => WireContainer): WireTemplate {
  const main = mainContainer(template.containers);
  const containers = (template.containers ?? []).map((one) => (one === main ? change(one) : one));
  return { ...template, containers };
}
