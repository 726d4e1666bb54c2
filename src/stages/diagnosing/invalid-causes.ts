import { fingerprintOf } from '../../analysis/fingerprint.ts';
import type { Cause } from '../../core/record.ts';
import type { StageRun } from '../../ports/stage.ts';
import { bareCause } from './bare-cause.ts';

/** Evidence that does not hold: a cause of the tests, never of the product, and never with a suspect. */
export function invalidCauses(run: StageRun): Cause[] {
  // A run that someone else voided, or that ran out of time before its control, opens no issue.
  if (run.record.foreignChanges.some((one) => one.voids) || run.record.run.limitsHit.length > 0) return [];
  const suites = run.record.phases.flatMap((phase) =>
    phase.suites.filter((suite) => suite.required && suite.verdict === 'INVALID'),
  );
  return suites.map((suite) => {
    const reason = suite.invalidBecause[0] ?? 'its evidence does not hold';
    const claim = `Suite ${suite.name} proves nothing: ${suite.invalidBecause.join('; ')}`;
    return {
      ...bareCause(
        fingerprintOf(['evidence', suite.name, reason.split(':')[0] ?? reason]),
        'test',
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
