import type { Health, SuiteResult } from '../core/record.ts';
import type { SuiteAttempt } from './suite-attempt.ts';

/** Whom a suite's tests talked to, as far as it is known: the addresses that it was given of the services it needs, and what answers there. */
export function suiteTargets(
  roles: SuiteResult['roles'],
  { given = {} }: Pick<SuiteAttempt, 'given'>,
  health: readonly Health[],
): SuiteResult['targets'] {
  return Object.entries(roles).flatMap(([service, role]) => {
    const host = given[service];
    const rows = health.filter((row) => row.service === service && row.role === role && row.dependency === null);
    const serverHeader = rows.find(({ server }) => server !== null)?.server ?? null;
    return host === undefined ? [] : [{ host, serverHeader }];
  });
}
