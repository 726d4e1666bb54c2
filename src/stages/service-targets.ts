import type { EnvironmentConfig } from '../config/environment.ts';
import type { RunRecord } from '../core/record.ts';
import type { Role } from '../core/words.ts';
import type { ServiceFacts } from '../ports/deployer.ts';

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
    const reference = facts ? referenceUrl(name, facts, record) : null;
    if (reference) stable[name] = reference;
    const deployed = record.deployments.find(
      (one) => one.service === name && one.role === 'candidate' && one.failure === null,
    );
    const url = facts && deployed?.revision ? revisionUrl(facts, deployed.revision) : null;
    if (url) candidate[name] = url;
  }
  return { candidate, stable };
}

/** Where the service itself answers; where a candidate has its traffic, that is not the reference any more, only its tag is. */
function referenceUrl(name: string, facts: ServiceFacts, record: Pick<RunRecord, 'deployments'>): string | null {
  const rows = record.deployments.filter((one) => one.service === name);
  const before = rows.find((one) => one.role === 'stable')?.revision ?? null;
  const taken = rows.some((one) => one.role === 'candidate' && one.revision !== null && one.revision === facts.serving);
  return taken && before !== null && before !== facts.serving ? revisionUrl(facts, before) : facts.url;
}

/** The address of one revision: its tag's, or the service's own where it has all the traffic. */
export function revisionUrl(service: ServiceFacts, revision: string): string | null {
  const tagged = service.traffic.find((one) => one.revision === revision && one.tag !== null && one.url !== null);
  if (tagged) return tagged.url;
  return service.serving === revision ? service.url : null;
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
