import type { EnvironmentConfig } from '../config/environment.ts';
import type { RunRecord } from '../core/record.ts';
import type { Role } from '../core/words.ts';
import type { ServiceFacts } from '../ports/deployer.ts';
import { shareOf } from './move-traffic.ts';

export interface ServiceTargets {
  /** Where each service's candidate is reached; absent where there is none that came up. */
  readonly candidate: Readonly<Record<string, string>>;
  readonly stable: Readonly<Record<string, string>>;
}

/** Addresses as the platform gives them now. The record holds service and tag, never a URL. */
export function serviceTargets(
  record: Pick<RunRecord, 'deployments'>,
  environment: EnvironmentConfig,
  services: ReadonlyMap<string, ServiceFacts>,
): ServiceTargets {
  const candidate: Record<string, string> = {};
  const stable: Record<string, string> = {};
  for (const [name, { cloudRun }] of Object.entries(environment.services)) {
    const facts = services.get(cloudRun);
    const reference = facts ? stableUrl(facts, name, record) : null;
    if (reference) stable[name] = reference;
    const deployed = record.deployments.find(
      (one) => one.service === name && one.role === 'candidate' && one.failure === null,
    );
    const url = facts && deployed?.revision ? revisionUrl(facts, deployed.revision) : null;
    if (url) candidate[name] = url;
  }
  return { candidate, stable };
}

/** A service's own address is its stable revision's, until this run's candidate has a share of its traffic: then only a tag reaches it. */
function stableUrl(facts: ServiceFacts, name: string, { deployments }: Pick<RunRecord, 'deployments'>): string | null {
  const revisionOf = (role: Role) =>
    deployments.find((one) => one.service === name && one.role === role)?.revision ?? null;
  const [stable, candidate] = [revisionOf('stable'), revisionOf('candidate')];
  if (candidate === null || candidate === stable || shareOf(facts.traffic, candidate) === 0) return facts.url;
  return stable === null ? null : revisionUrl(facts, stable);
}

/**
 * The address of one revision: its tag's, or the service's own where it has all of the traffic. A tag on LATEST is nobody's own: it
 * goes on to the next revision.
 */
export function revisionUrl({ traffic, url }: Pick<ServiceFacts, 'traffic' | 'url'>, revision: string): string | null {
  const tagged = traffic.find(
    (one) => one.revision === revision && one.tag !== null && !one.latest && one.url !== null,
  );
  if (tagged) return tagged.url;
  return shareOf(traffic, revision) === 100 ? url : null;
}

/** What a suite talks to: candidates where they came up, stable else; and which it was. */
export function mixedTargets(
  targets: ServiceTargets,
  prefer: Role,
): { urls: Record<string, string>; roles: Record<string, Role> } {
  const urls: Record<string, string> = { ...targets.stable };
  const roles: Record<string, Role> = Object.fromEntries(Object.keys(urls).map((name) => [name, 'stable' as const]));
  if (prefer === 'stable') return { urls, roles };
  for (const [name, url] of Object.entries(targets.candidate)) {
    urls[name] = url;
    roles[name] = 'candidate';
  }
  return { urls, roles };
}
