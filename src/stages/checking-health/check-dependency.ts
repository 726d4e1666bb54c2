import type { EnvironmentConfig } from '../../config/environment.ts';
import type { Health } from '../../core/record.ts';
import type { Role } from '../../core/words.ts';
import type { HealthAnswer, HealthCheck } from '../../ports/health.ts';
import type { Identity } from '../../ports/id-tokens.ts';
import type { StageRun } from '../../ports/stage.ts';
import { healthCheckOf } from '../health-check-of.ts';
import { patiently, type RowNames, storedHealth } from '../health-row.ts';
import { identityOf } from '../identity-of.ts';
import type { StageParts } from '../parts.ts';
import type { Preflight } from './preflight.ts';

type Parts = Pick<StageParts, 'environment' | 'pipeline' | 'health' | 'sleep' | 'deployer'>;
type Config = EnvironmentConfig['dependencies'][string];
type Told = Extract<Config, { service: string }>;

/** Addresses of the service that tells of a dependency; absent where there is none. */
export interface Sides {
  readonly candidate: string | undefined;
  readonly stable: string | undefined;
}

/** One dependency: asked by itself, or told by a service on the candidate, and on stable too unless the candidate says it is up. */
export async function checkDependency(
  name: string,
  sidesOf: (service: string) => Sides,
  time: Preflight,
  parts: Parts,
  run: StageRun,
): Promise<Health[]> {
  const config = parts.environment.dependencies[name];
  if (config === undefined) return [];
  if (!('service' in config)) return [await askItself(name, config, time.whole, parts, run)];
  const { candidate, stable } = sidesOf(config.service);
  const identity = await identityOf(config.service, parts, time.whole);
  const ask = (role: Role, url: string) => {
    const signal = role === 'candidate' && stable !== undefined ? time.candidate : time.whole;
    return askTeller({ name, config, role, url, identity, signal }, parts, run);
  };
  const told = candidate === undefined ? [] : [await ask('candidate', candidate)];
  if (stable === undefined || (told.length > 0 && told.every((one) => one.ok))) return told;
  return [...told, ...reference(told, await ask('stable', stable))];
}

/** Where the candidate does not tell what stable tells, that is the candidate's own: stable's endpoint is its reference. */
function reference(told: readonly Health[], stable: Health): Health[] {
  const silent = told.some((one) => one.dependency === null);
  return silent && stable.dependency !== null ? [stable, { ...stable, dependency: null, ok: true }] : [stable];
}

interface Teller {
  readonly name: string;
  readonly config: Told;
  readonly role: Role;
  readonly url: string;
  readonly identity: Identity | null;
  readonly signal: AbortSignal;
}

function askTeller(
  { name, config, role, url, identity, signal }: Teller,
  parts: Parts,
  run: StageRun,
): Promise<Health> {
  const { path, json, service } = config;
  // A 503 that names the dependency which is down tells more than one that does not: every status may tell.
  const statuses = [{ from: 100, to: 499 }];
  const check = { ...healthCheckOf({ path, json }, { expected: [], identity }), statuses };
  const ask = () => toldOnce(url, check, parts, signal);
  const target = `GET ${path} ${Object.keys(json).join(', ')}`;
  const key = `${run.key}/dependency/${name}/${role}`;
  const names = { service, role, target, dependency: name };
  return storedHealth({ key, input: config, names, asked: { url, check }, ask }, rowOfTold, run);
}

/** What is asked is what the body says; whether the service itself is well is asked by its own checks. */
function toldOnce(url: string, check: HealthCheck, parts: Parts, signal: AbortSignal): Promise<HealthAnswer> {
  const { retries } = parts.pipeline.health;
  const ask = async (limits: { warmups: number; timeoutMs: number }) => {
    const answer = await parts.health.check(url, check, { ...limits, samples: 1 }, signal);
    if (answer.fields !== 'met') return { ...answer, ok: false };
    return { ...answer, ok: true, because: `${new URL(check.path, url).href} tells it with status ${answer.status}` };
  };
  return patiently(ask, retries, parts, signal);
}

/** A service that tells nothing of it leaves the dependency unknown: then the row is about the service. */
function rowOfTold(names: RowNames, { ok, fields }: HealthAnswer): RowNames & { ok: boolean } {
  return fields === 'unknown' ? { ...names, dependency: null, ok: false } : { ...names, ok };
}

function askItself(
  name: string,
  config: Exclude<Config, Told>,
  signal: AbortSignal,
  parts: Parts,
  run: StageRun,
): Promise<Health> {
  const { retries } = parts.pipeline.health;
  const target = 'tcp' in config ? `TCP ${config.tcp}` : `GET ${config.url}`;
  const names = { service: name, role: 'stable' as const, target, dependency: name };
  const ask = () => patiently((limits) => askOnce(config, limits, parts, signal), retries, parts, signal);
  const key = `${run.key}/dependency/${name}`;
  return storedHealth({ key, input: config, names, asked: {}, ask }, (row, { ok }) => ({ ...row, ok }), run);
}

function askOnce(
  config: Exclude<Config, Told>,
  limits: { samples: number; warmups: number; timeoutMs: number },
  parts: Parts,
  signal: AbortSignal,
): Promise<HealthAnswer> {
  if ('tcp' in config) return parts.health.connect(config.tcp, limits, signal);
  const { pathname, search } = new URL(config.url);
  const check = healthCheckOf(
    { path: `${pathname}${search}`, status: config.status },
    { expected: [], identity: null },
  );
  return parts.health.check(config.url, check, limits, signal);
}
