import type { EnvironmentConfig, ServiceConfig } from './environment.ts';
import type { Finding } from './finding.ts';
import { checkDependencies, checkHealth, nameable } from './health-checks.ts';
import { hintFor } from './nearest.ts';
import { placeholdersIn, urlService } from './service-env.ts';
import { namesCommit, unknownInImage } from './service-image.ts';

type Services = EnvironmentConfig['services'];

/** What a schema cannot see: services that name each other, and checks that ask nothing. */
export function checkEnvironment(environment: EnvironmentConfig): Finding[] {
  const { services } = environment;
  const findings = Object.entries(services).flatMap(([name, service]) => [
    ...checkNeeds(name, service, nameable(environment)),
    ...checkEnv(name, service, Object.keys(services)),
    ...checkImage(name, service),
    ...service.health.flatMap((health, index) => checkHealth(['services', name, 'health', index], health)),
  ]);
  findings.push(...checkDependencies(environment));
  return [...findings, ...(findings.length === 0 ? checkCircle(services) : [])];
}

function checkNeeds(
  name: string,
  { needs }: ServiceConfig,
  { known, noun, plural }: ReturnType<typeof nameable>,
): Finding[] {
  return needs.flatMap((need, index) => {
    if (known.includes(need)) return [];
    const path = ['services', name, 'needs', index];
    return [{ path, at: 'value', message: `unknown ${noun} "${need}"`, hint: hintFor(need, known, plural) }];
  });
}

function checkEnv(name: string, { env }: ServiceConfig, known: readonly string[]): Finding[] {
  return Object.entries(env).flatMap(([variable, value]) => {
    if (typeof value !== 'string') return [];
    const path = ['services', name, 'env', variable];
    return placeholdersIn(value).flatMap((placeholder) => checkPlaceholder(path, placeholder, known));
  });
}

function checkPlaceholder(path: Finding['path'], placeholder: string, known: readonly string[]): Finding[] {
  const service = urlService(placeholder);
  if (service === null) {
    return [{ path, at: 'value', message: `unknown placeholder ${placeholder}`, hint: `write \${url.<service>}` }];
  }
  if (known.includes(service)) return [];
  const message = `${placeholder} names the unknown service "${service}"`;
  return [{ path, at: 'value', message, hint: hintFor(service, known, 'services') }];
}

/** A reference that does not name its commit would be deployed as HEAD, whatever is in it. */
function checkImage(name: string, { image }: ServiceConfig): Finding[] {
  if (image === undefined) return [];
  const path = ['services', name, 'image'];
  const hint = `write …/name:\${commit}, as the build that pushes it does`;
  const [unknown] = unknownInImage(image);
  if (unknown !== undefined) return [{ path, at: 'value', message: `unknown placeholder ${unknown}`, hint }];
  return namesCommit(image) ? [] : [{ path, at: 'value', message: 'the image does not name its commit', hint }];
}

/** Takes away what needs nothing that is left; what stays needs itself, by some way round. */
function checkCircle(services: Services): Finding[] {
  const left = new Map(Object.entries(services).map(([name, { needs }]) => [name, needs]));
  const isFree = ([, needs]: [string, string[]]) => !needs.some((need) => left.has(need));
  for (let free = [...left].filter(isFree); free.length > 0; free = [...left].filter(isFree)) {
    for (const [name] of free) left.delete(name);
  }
  const [first] = left.keys();
  if (first === undefined) return [];
  const circle = wayRound(first, (name) => left.get(name)?.find((need) => left.has(need)) ?? name);
  const [name = first] = circle;
  const message = `services need each other in a circle: ${circle.join(' → ')}`;
  return [{ path: ['services', name, 'needs'], at: 'value', message, hint: 'leave one of these needs out' }];
}

function wayRound(start: string, next: (name: string) => string): string[] {
  const way = [start];
  for (;;) {
    const name = next(way.at(-1) ?? start);
    const seen = way.indexOf(name);
    way.push(name);
    if (seen >= 0) return way.slice(seen);
  }
}
