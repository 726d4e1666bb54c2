import type { Health } from '../core/record.ts';
import type { Role } from '../core/words.ts';
import type { StageRun } from '../ports/stage.ts';
import { healthCheckOf, targetOf } from './health-check-of.ts';
import { patiently, storedHealth } from './health-row.ts';
import { identityOf } from './identity-of.ts';
import type { StageParts } from './parts.ts';

type Parts = Pick<StageParts, 'environment' | 'pipeline' | 'health' | 'sleep' | 'deployer'>;

export interface HealthRequest {
  /** Begins with `run.key`. */
  readonly key: string;
  readonly service: string;
  readonly role: Role;
  readonly url: string;
  /** Instead of the pipeline's. */
  readonly retries?: number;
  /** Names of what must run there: revision, commit, digest. Without them the version that a service tells is not judged. */
  readonly expected?: readonly string[];
  /** A deadline within the run's; what is cut by it is not healthy, and says so. */
  readonly signal?: AbortSignal;
}

/** Asks all declared endpoints of one service in one role; retried, with a limit, until they are healthy. */
export async function checkHealth(request: HealthRequest, parts: Parts, run: StageRun): Promise<Health[]> {
  const { service, role, url } = request;
  const config = parts.environment.services[service];
  const signal = request.signal ?? run.signal;
  const checks = config?.health ?? [];
  if (checks.length === 0) return [];
  const identity = await identityOf(service, parts, signal);
  const retries = request.retries ?? parts.pipeline.health.retries;
  return Promise.all(
    checks.map((one, index) => {
      const check = healthCheckOf(one, { expected: request.expected ?? [], identity });
      return storedHealth(
        {
          key: `${request.key}/${service}/${role}/${index}`,
          input: { check: one },
          names: { service, role, target: targetOf(one), dependency: null },
          asked: { url, check },
          ask: () => patiently((limits) => parts.health.check(url, check, limits, signal), retries, parts, signal),
        },
        (names, { ok }) => ({ ...names, ok }),
        run,
      );
    }),
  );
}
