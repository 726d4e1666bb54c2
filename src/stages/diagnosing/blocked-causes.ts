import { fingerprintOf } from '../../analysis/fingerprint.ts';
import type { Cause } from '../../core/record.ts';
import type { StageRun } from '../../ports/stage.ts';
import { bareCause } from './bare-cause.ts';

/** The environment is not up: one cause, no suspect, nothing to fix by a commit. */
export function blockedCauses(run: StageRun): Cause[] {
  const sick = run.record.health.filter((one) => !one.ok);
  const refused = run.record.deployments.filter((one) => one.failure !== null);
  const evidence = [...sick, ...refused].flatMap((one) => one.evidence);
  const reason = run.record.verdict?.reason ?? 'the environment is not up';
  const service = sick[0]?.service ?? refused[0]?.service ?? null;
  const code = refused[0]?.failure?.code ?? run.record.problems.find((one) => one.blocks)?.code ?? 'down';
  return [
    {
      ...bareCause(fingerprintOf(['environment', service ?? '', code]), 'environment', reason),
      services: service ? [service] : [],
      whys: [
        {
          question: 'Why could nothing be judged?',
          claim: reason,
          status: evidence.length > 0 ? 'supported' : 'unknown',
          evidence,
        },
        { question: 'Why is it down?', claim: 'Not known: no fact tells it.', status: 'unknown', evidence: [] },
      ],
    },
  ];
}
