import type { Identity } from '../ports/id-tokens.ts';
import type { StageParts } from './parts.ts';

/**
 * As whom a private service is called; null for a public one. The audience is the service's own address as the platform gives
 * it, or the configured one: a tag's address is none. Where the platform gives none, the name says who asks in vain.
 */
export async function identityOf(
  service: string,
  parts: Pick<StageParts, 'environment' | 'deployer'>,
  signal: AbortSignal,
): Promise<Identity | null> {
  const config = parts.environment.services[service];
  if (config?.private === undefined) return null;
  const { serviceAccount, audience } = config.private;
  if (audience !== undefined) return { audience, serviceAccount };
  const services = await parts.deployer.services([config.cloudRun], signal);
  const url = services.ok ? services.value.get(config.cloudRun)?.url : null;
  return { audience: url ?? '', serviceAccount };
}
