import { commandText, type SettingMap, valueHash } from '../../core/settings-diff.ts';
import { shortName } from '../google/wire.ts';
import { mainContainer } from './main-container.ts';
import type { WireContainer, WireProbe, WireRevision, WireVariable } from './wire.ts';

const sqlAnnotation = 'run.googleapis.com/cloudsql-instances';

/**
 * A revision's settings by name, as `ports/deployer.ts` lists them. Values of variables leave this file as hashes only, and
 * secrets as references. What the platform leaves out has no name here: unset, its default counts.
 */
export function settingsOf(revision: WireRevision): SettingMap {
  const { containers = [], scaling, vpcAccess } = revision;
  const main = mainContainer(containers);
  const sidecars = (containers ?? []).filter((container) => container !== main);
  const network = vpcAccess?.networkInterfaces?.map(({ network, subnetwork }) =>
    [network, subnetwork].filter(Boolean).join('/'),
  );
  return named([
    ...containerSettings(main ?? {}),
    ...sidecars.flatMap(sidecarSettings),
    ['concurrency', positive(revision.maxInstanceRequestConcurrency)],
    ['timeout', seconds(revision.timeout)],
    ['service account', revision.serviceAccount],
    ['vpc connector', vpcAccess?.connector],
    ['vpc network', network?.join(', ')],
    ['vpc egress', egressWord(vpcAccess?.egress)],
    ['sql instances', sqlInstances(revision).join(', ')],
    ['min instances', String(scaling?.minInstanceCount ?? 0)],
    ['max instances', positive(scaling?.maxInstanceCount)],
    ['execution environment', environmentWord(revision.executionEnvironment)],
    ...(revision.volumes ?? []).map((volume): Row => [`volume ${volume.name}`, volumeWord(volume)]),
  ]);
}

type Row = readonly [name: string, value: string | null | undefined];

function containerSettings(container: WireContainer): Row[] {
  const limits = container.resources?.limits ?? {};
  return [
    ['command', commandText(container.command ?? [])],
    ['arguments', commandText(container.args ?? [])],
    ['port', positive(container.ports?.[0]?.containerPort)],
    ['cpu', limits.cpu],
    ['memory', limits.memory],
    ['startup probe', probeWord(container.startupProbe)],
    ['liveness probe', probeWord(container.livenessProbe)],
    ...(container.env ?? []).map((variable): Row => [`env ${variable.name}`, variableWord(variable)]),
  ];
}

function sidecarSettings(container: WireContainer, index: number): Row[] {
  const name = container.name || `sidecar ${index + 1}`;
  const own = containerSettings(container).map(([setting, value]): Row => [`${name}: ${setting}`, value]);
  return [[`image ${name}`, container.image], ...own];
}

function variableWord({ value, valueSource }: WireVariable): string {
  const secret = valueSource?.secretKeyRef;
  return secret ? `secret ${shortName(secret.secret)}@${secret.version || 'latest'}` : valueHash(value ?? '');
}

/** `http /health, every 10 s, 3 failures`. */
function probeWord(probe: WireProbe | null | undefined): string | null {
  if (!probe) return null;
  const { httpGet, tcpSocket, grpc } = probe;
  const target = httpGet
    ? `http ${httpGet.path || '/'}${portOf(httpGet)}`
    : grpc
      ? `grpc ${grpc.service ?? ''}${portOf(grpc)}`
      : `tcp${portOf(tcpSocket ?? {})}`;
  const times = [
    probe.initialDelaySeconds ? `after ${probe.initialDelaySeconds} s` : null,
    probe.periodSeconds ? `every ${probe.periodSeconds} s` : null,
    probe.timeoutSeconds ? `within ${probe.timeoutSeconds} s` : null,
    probe.failureThreshold ? `${probe.failureThreshold} failures` : null,
  ].filter((time) => time !== null);
  return [target.trim(), ...times].join(', ');
}

function portOf({ port }: { port?: number | null }): string {
  return port ? ` :${port}` : '';
}

/** Mounted as a volume, or named by the annotation that the older API writes. */
function sqlInstances({ volumes, annotations }: WireRevision): string[] {
  const mounted = (volumes ?? []).flatMap((volume) => volume.cloudSqlInstance?.instances ?? []);
  const annotated = (annotations?.[sqlAnnotation] ?? '').split(',').map((name) => name.trim());
  return [...new Set([...mounted, ...annotated])].filter((name) => name !== '').sort();
}

function volumeWord(volume: NonNullable<WireRevision['volumes']>[number]): string | null {
  if (volume.secret)
    return `secret ${shortName(volume.secret.secret)}@${(volume.secret.items ?? []).map(({ version }) => version || 'latest').join(', ') || 'latest'}`;
  if (volume.gcs) return `bucket ${volume.gcs.bucket}${volume.gcs.readOnly ? ', read only' : ''}`;
  if (volume.nfs) return `nfs ${volume.nfs.server}:${volume.nfs.path}`;
  if (volume.emptyDir) return `memory ${volume.emptyDir.sizeLimit ?? ''}`.trim();
  return null;
}

/** `PRIVATE_RANGES_ONLY` is `private-ranges-only`. */
function egressWord(egress: unknown): string | null {
  const word = String(egress ?? '');
  return /^[A-Z_]+$/.test(word) && !word.endsWith('UNSPECIFIED') ? word.toLowerCase().replaceAll('_', '-') : null;
}

function environmentWord(environment: unknown): string | null {
  return /^EXECUTION_ENVIRONMENT_(GEN\d)$/.exec(String(environment ?? ''))?.[1]?.toLowerCase() ?? null;
}

function seconds(duration: { readonly seconds?: unknown } | null | undefined): string | null {
  const value = Number(duration?.seconds ?? 0);
  return value > 0 ? `${value} s` : null;
}

function positive(value: number | null | undefined): string | null {
  return value ? String(value) : null;
}

function named(rows: readonly Row[]): SettingMap {
  return Object.fromEntries(rows.flatMap(([name, value]) => (value ? [[name, value]] : [])));
}
