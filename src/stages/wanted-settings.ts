import { commandDefault, type ServiceConfig } from '../config/environment.ts';
import { commandText, type SettingMap, valueHash } from '../core/settings-diff.ts';

/**
 * What the config wants of a service's revisions, under the names that a revision tells its settings by. `env` is null where its
 * values could not be resolved: nothing is said about them then. The default command is no wish: a revision may be
 * started by its image, or by what the team's own deployment gave it.
 */
export function wantedSettings(
  { command, settings }: Pick<ServiceConfig, 'command' | 'settings'>,
  env: Readonly<Record<string, string>> | null,
): SettingMap {
  const variables = Object.entries(env ?? {}).map(([name, value]) => [`env ${name}`, valueHash(value)]);
  const start = commandText(command) === commandText(commandDefault) ? {} : { command: commandText(command) };
  return { ...start, ...Object.fromEntries(variables), ...namedSettings(settings) };
}

function namedSettings(wanted: ServiceConfig['settings']): SettingMap {
  const rows: readonly (readonly [string, string | number | undefined])[] = [
    ['port', wanted.port],
    ['cpu', wanted.cpu],
    ['memory', wanted.memory],
    ['concurrency', wanted.concurrency],
    ['timeout', wanted.timeoutSeconds === undefined ? undefined : `${wanted.timeoutSeconds} s`],
    ['service account', wanted.serviceAccount],
    ['min instances', wanted.minInstances],
    ['max instances', wanted.maxInstances],
    ['vpc connector', wanted.vpcConnector],
    ['vpc egress', wanted.vpcEgress],
    ['sql instances', wanted.sqlInstances && [...wanted.sqlInstances].sort().join(', ')],
  ];
  return Object.fromEntries(rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
}
