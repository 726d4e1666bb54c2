import type { Deployment } from '../../core/record.ts';
import type { Role } from '../../core/words.ts';
import type { ServiceFacts } from '../../ports/deployer.ts';

/**
 * What runs at an address, by all names that a service may call it: revision, commit, digest. A candidate's is what was deployed;
 * stable's is what the platform says it serves, and nothing where the traffic is split: either may answer then.
 */
export function expectedVersion(
  service: string,
  role: Role,
  deployments: readonly Deployment[],
  facts: ServiceFacts | undefined,
): string[] {
  const serves = facts?.traffic.filter((one) => one.percent > 0) ?? [];
  const serving = serves.length === 1 ? (facts?.serving ?? null) : null;
  const deployed = deployments.find((one) => one.service === service && one.role === role);
  const revision = role === 'candidate' ? (deployed?.revision ?? null) : serving;
  if (revision === null) return [];
  const known = deployments.find((one) => one.service === service && one.revision === revision);
  return [revision, known?.commit, known?.digest].filter((name) => typeof name === 'string');
}
