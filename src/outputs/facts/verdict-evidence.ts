import type { RunRecord } from '../../core/record.ts';

/** Evidence ids of what decided the verdict: what did not come up, else the suites of the deciding phase. */
export function verdictEvidence(record: RunRecord): string[] {
  const { verdict } = record;
  if (verdict === null) return [];
  const down = [...record.deployments.filter((one) => one.failure !== null), ...record.health.filter((one) => !one.ok)];
  if (verdict.value === 'BLOCKED' || (verdict.value === 'NO-GO' && lostBeforeTests(record))) return idsOf(down);
  const phases = record.phases.filter((phase) => verdict.value === 'GO' || phase.name === verdict.of?.phase);
  const suites = phases.flatMap((phase) => phase.suites).filter((suite) => suite.verdict === verdict.value);
  if (suites.length > 0) return idsOf(suites);
  return idsOf(record.foreignChanges.filter((one) => one.voids));
}

function lostBeforeTests(record: RunRecord): boolean {
  return record.phases.every((phase) => phase.verdict !== 'NO-GO');
}

function idsOf(list: readonly { evidence: readonly string[] }[]): string[] {
  return [...new Set(list.flatMap((one) => one.evidence))];
}
