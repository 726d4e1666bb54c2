import type { EnvironmentConfig, HealthCheckConfig } from './environment.ts';
import type { Finding } from './finding.ts';
import { hintFor } from './nearest.ts';

/** What only a request has, or only a WebSocket. */
const onlyPath = ['json', 'header', 'version', 'uptime'] as const;
const onlyWebSocket = ['subprotocol', 'firstMessage'] as const;

/** One check asks one endpoint, and nothing of it that this endpoint cannot answer. */
export function checkHealth(path: Finding['path'], health: HealthCheckConfig): Finding[] {
  const asked = [health.path, health.websocket].filter((target) => target !== undefined).length;
  if (asked !== 1) return [{ path, at: 'value', message: 'expected either path or websocket' }];
  const isSocket = health.websocket !== undefined;
  if (isSocket && health.status !== undefined && health.status !== 101)
    return [{ path: [...path, 'status'], at: 'value', message: 'a websocket check is met by 101 only' }];
  const odd = isSocket ? onlyPath : onlyWebSocket;
  return odd
    .filter((name) => health[name] !== undefined)
    .map((name) => ({ path: [...path, name], at: 'key', message: oddWords(name, isSocket) }));
}

function oddWords(name: string, isSocket: boolean): string {
  return isSocket
    ? `a websocket check has no ${name}: what its first message must hold is asked with firstMessage`
    : `only a websocket check has a ${name}`;
}

/** Dependencies share the list of names under `needs` with services, and are told by services that exist. */
export function checkDependencies({ services, dependencies }: EnvironmentConfig): Finding[] {
  return Object.entries(dependencies).flatMap(([name, dependency]) => {
    const path = ['dependencies', name];
    const taken: Finding[] = Object.hasOwn(services, name)
      ? [{ path, at: 'key', message: `a service is called ${name} already`, hint: 'needs: could mean either' }]
      : [];
    return [...taken, ...checkDependency(path, dependency, Object.keys(services))];
  });
}

function checkDependency(
  path: Finding['path'],
  dependency: EnvironmentConfig['dependencies'][string],
  known: readonly string[],
): Finding[] {
  if ('tcp' in dependency) {
    const port = Number(dependency.tcp.split(':').at(-1));
    const right = port >= 1 && port <= 65_535;
    return right ? [] : [{ path: [...path, 'tcp'], at: 'value', message: 'expected a port from 1 to 65535' }];
  }
  if ('url' in dependency) {
    const { username, password } = new URL(dependency.url);
    if (username === '' && password === '') return [];
    return [{ path: [...path, 'url'], at: 'value', message: 'expected an address without a user or a password' }];
  }
  const findings: Finding[] = [];
  if (!known.includes(dependency.service)) {
    const hint = hintFor(dependency.service, known, 'services');
    const message = `unknown service "${dependency.service}"`;
    findings.push({ path: [...path, 'service'], at: 'value', message, hint });
  }
  if (Object.keys(dependency.json).length === 0)
    findings.push({ path: [...path, 'json'], at: 'value', message: 'expected a field that tells of it' });
  return findings;
}

/** What may stand under `needs`, and how to name it in a message. */
export function nameable({ services, dependencies }: Pick<EnvironmentConfig, 'services' | 'dependencies'>) {
  const known = [...Object.keys(services), ...Object.keys(dependencies)];
  const alone = Object.keys(dependencies).length === 0;
  return alone
    ? { known, noun: 'service', plural: 'services' }
    : { known, noun: 'service or dependency', plural: 'services and dependencies' };
}
