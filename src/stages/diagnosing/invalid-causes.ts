import { fingerprintOf } from '../../analysis/fingerprint.ts';
import type { Cause, Deployment } from '../../core/record.ts';
import type { StageRun } from '../../ports/stage.ts';
import { requestLogSilent } from '../seen-by-server.ts';
import { bareCause } from './bare-cause.ts';

/** Evidence that does not hold: a cause of the tests, never of the product, and never with a suspect. */
export function invalidCauses(run: StageRun): Cause[] {
  // A run that someone else voided, or that ran out of time before its control, opens no issue.
  if (run.record.foreignChanges.some((one) => one.voids) || run.record.run.limitsHit.length > 0) return [];
  const unchanged = run.record.deployments.filter((one) => one.failure?.code === 'no-change');
  if (unchanged.length > 0) return unchanged.map(unchangedCause);
  const suites = run.record.phases.flatMap((phase) =>
    phase.suites.filter((suite) => suite.required && suite.verdict === 'INVALID'),
  );
  return suites.map((suite) => {
    const reason = suite.invalidBecause[0] ?? 'its evidence does not hold';
    const claim = `Suite ${suite.name} proves nothing: ${suite.invalidBecause.join('; ')}`;
    return {
      ...bareCause(
        fingerprintOf(['evidence', suite.name, reason.split(':')[0] ?? reason]),
        // A log that is not written is nobody's test.
        reason.includes(requestLogSilent) ? 'config' : 'test',
        `${suite.name}: ${reason}`,
      ),
      priority: suite.priority,
      suite: suite.name,
      services: [suite.service],
      whys: [
        {
          question: 'Why is the run not valid?',
          claim,
          status: suite.evidence.length > 0 ? 'supported' : 'unknown',
          evidence: suite.evidence,
        },
        {
          question: 'Why does the evidence not hold?',
          claim: 'Not known: a person must look at the suite.',
          status: 'unknown',
          evidence: [],
        },
      ],
    };
  });
}

/** A deployment that left no trace: the way to deploy is broken, not the product; what it would have tested was not there. */
function unchangedCause({ service, failure, evidence }: Deployment): Cause {
  const claim = `${service}: ${failure?.message ?? 'nothing is new'}`;
  const status = evidence.length > 0 ? ('supported' as const) : ('unknown' as const);
  return {
    ...bareCause(fingerprintOf(['deploy-command', service, 'no-change']), 'config', claim),
    services: [service],
    whys: [
      { question: 'Why is the run not valid?', claim, status, evidence },
      {
        question: 'Why did the deployment change nothing?',
        claim: 'Not known: a person must read the output of the deploy command.',
        status: 'unknown',
        evidence: [],
      },
    ],
  };
}
