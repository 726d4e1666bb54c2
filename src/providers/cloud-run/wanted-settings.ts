import type { ContainerSpec } from '../../ports/deployer.ts';
import { mainContainer } from './main-container.ts';
import type { WireContainer, WireTemplate } from './wire.ts';

type Wanted = ContainerSpec['settings'];

/** Writes what is named into a template; what is not named stays as the service has it. */
export function withSettings(template: WireTemplate, wanted: Wanted): WireTemplate {
  const main = mainContainer(template.containers);
  const containers = (template.containers ?? []).map((one) => (one === main ? withResources(one, wanted) : one));
  const named: WireTemplate = {
    ...(wanted.concurrency === undefined ? {} : { maxInstanceRequestConcurrency: wanted.concurrency }),
    ...(wanted.timeoutSeconds === undefined ? {} : { timeout: { seconds: wanted.timeoutSeconds, nanos: 0 } }),
    ...(wanted.serviceAccount === undefined ? {} : { serviceAccount: wanted.serviceAccount }),
    ...scaling(template, wanted),
    ...network(template, wanted),
  };
  return withSql({ ...template, containers, ...named }, wanted.sqlInstances);
}

function withResources(container: WireContainer, { port, cpu, memory }: Wanted): WireContainer {
  const limits = { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
  const [first, ...others] = container.ports ?? [];
  return {
    ...container,
    ...(port === undefined ? {} : { ports: [{ ...first, containerPort: port }, ...others] }),
    ...(Object.keys(limits).length === 0
      ? {}
      : { resources: { ...container.resources, limits: { ...container.resources?.limits, ...limits } } }),
  };
}

function scaling({ scaling: present }: WireTemplate, { minInstances, maxInstances }: Wanted): WireTemplate {
  if (minInstances === undefined && maxInstances === undefined) return {};
  return {
    scaling: {
      ...present,
      ...(minInstances === undefined ? {} : { minInstanceCount: minInstances }),
      ...(maxInstances === undefined ? {} : { maxInstanceCount: maxInstances }),
    },
  };
}

const egressWords = { 'all-traffic': 'ALL_TRAFFIC', 'private-ranges-only': 'PRIVATE_RANGES_ONLY' } as const;

/** A connector and interfaces of its own exclude each other: who asks for the one gives up the other. */
function network({ vpcAccess: present }: WireTemplate, { vpcConnector, vpcEgress }: Wanted): WireTemplate {
  if (vpcConnector === undefined && vpcEgress === undefined) return {};
  return {
    vpcAccess: {
      ...present,
      ...(vpcConnector === undefined ? {} : { connector: vpcConnector, networkInterfaces: [] }),
      ...(vpcEgress === undefined ? {} : { egress: egressWords[vpcEgress] }),
    },
  };
}

const sqlVolume = 'cloudsql';
const sqlMountPath = '/cloudsql';

/** The volume with the sockets, and where the container finds them; an empty list takes both away. */
function withSql(template: WireTemplate, instances: readonly string[] | undefined): WireTemplate {
  if (instances === undefined) return template;
  const present = template.volumes?.find((volume) => volume.cloudSqlInstance);
  const name = present?.name ?? sqlVolume;
  const others = (template.volumes ?? []).filter((volume) => volume !== present);
  const volumes =
    instances.length === 0 ? others : [...others, { name, cloudSqlInstance: { instances: [...instances] } }];
  const main = mainContainer(template.containers);
  const mount = (container: WireContainer): WireContainer => {
    const mounts = container.volumeMounts ?? [];
    const kept = mounts.filter((one) => one.name !== name);
    const own = mounts.find((one) => one.name === name) ?? { name, mountPath: sqlMountPath };
    return { ...container, volumeMounts: instances.length === 0 ? kept : [...kept, own] };
  };
  return {
    ...template,
    volumes,
    containers: (template.containers ?? []).map((container) => (container === main ? mount(container) : container)),
  };
}
