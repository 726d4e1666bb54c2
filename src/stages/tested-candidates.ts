import type { Deployment, RunRecord } from '../core/record.ts';

/**
 * The candidates that may be given traffic: they came up, a suite that met its gate really used them, and no required suite
 * used the service's stable revision in their place.
 */
export function testedCandidates(
  record: Pick<RunRecord, 'deployments' | 'phases'>,
): (Deployment & { revision: string })[] {
  const suites = record.phases.flatMap((phase) => phase.suites);
  return record.deployments.flatMap((one) => {
    if (one.role !== 'candidate' || one.failure !== null || one.revision === null) return [];
    const used = suites.some((suite) => suite.verdict === 'GO' && suite.roles[one.service] === 'candidate');
    const replaced = suites.some((suite) => suite.required && suite.roles[one.service] === 'stable');
    return used && !replaced ? [{ ...one, revision: one.revision }] : [];
  });
}
