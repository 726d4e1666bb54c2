import { canonicalJson, sha256 } from '../core/canonical-json.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import type { ServiceConfig } from './environment.ts';

const placeholderShape = /\$\{[^}]*\}?/g;
const urlShape = /^\$\{url\.([a-z][a-z0-9-]*)\}$/;
const configHashLength = 12;

/**
 * A service's variables as its container gets them: `{ env: NAME }` from the environment, `${url.<service>}` from the addresses.
 * Fails with `config` when a variable is not set, or an address is not known yet.
 */
export function resolveServiceEnv(
  service: Pick<ServiceConfig, 'env'>,
  known: {
    readonly urls: Readonly<Record<string, string>>;
    readonly env: Readonly<Record<string, string | undefined>>;
  },
): Result<Record<string, string>> {
  const resolved: [string, string][] = [];
  for (const [name, value] of Object.entries(service.env)) {
    const found = typeof value === 'string' ? withUrls(name, value, known.urls) : fromEnv(name, value.env, known.env);
    if (!found.ok) return found;
    resolved.push([name, found.value]);
  }
  return succeed(Object.fromEntries(resolved));
}

/**
 * 12 hex digits that change when the container's command, a setting, or the name or value of a variable does.
 * Values go in as hashes, so that no secret is part of what is hashed at the end.
 */
export function configHash(
  service: Pick<ServiceConfig, 'command'> & Partial<Pick<ServiceConfig, 'settings'>>,
  resolved: Readonly<Record<string, string>>,
): string {
  const env = Object.fromEntries(Object.entries(resolved).map(([name, value]) => [name, sha256(value)]));
  const { command, settings = {} } = service;
  // Without settings the hash is what it was before there were any: revisions of then stay fresh.
  const wanted = Object.keys(settings).length === 0 ? { command, env } : { command, env, settings };
  return sha256(canonicalJson(wanted)).slice(0, configHashLength);
}

/** Everything in a value that looks like a placeholder, closed or not. */
export function placeholdersIn(value: string): string[] {
  return value.match(placeholderShape) ?? [];
}

/** The service whose address a placeholder stands for; null when it is no `${url.<service>}`. */
export function urlService(placeholder: string): string | null {
  return urlShape.exec(placeholder)?.[1] ?? null;
}

function withUrls(name: string, value: string, urls: Readonly<Record<string, string>>): Result<string> {
  const services = placeholdersIn(value).map((placeholder) => urlService(placeholder));
  const missing = services.find((service) => service !== null && !Object.hasOwn(urls, service));
  if (missing)
    return fail('config', `${name} needs the address of ${missing}, which is not known`, `deploy ${missing} first`);
  return succeed(value.replaceAll(placeholderShape, (text) => urls[urlService(text) ?? ''] ?? text));
}

function fromEnv(name: string, source: string, env: Readonly<Record<string, string | undefined>>): Result<string> {
  const value = env[source];
  if (value !== undefined && value !== '') return succeed(value);
  return fail('config', `${name} comes from the variable ${source}, which is not set`, `set ${source} where loop runs`);
}
