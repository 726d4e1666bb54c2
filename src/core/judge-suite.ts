import { meetsGate } from './pass-rate.ts';
import type { Counts } from './record.ts';
import type { Verdict } from './words.ts';

/** What is known about one attempt of a suite, all of it read from stored artefacts. */
export interface SuiteFacts {
  readonly how: 'exited' | 'timeout' | 'cancelled' | 'not-started';
  readonly exitCode: number | null;
  readonly message: string | null;
  /** Null when the report could be read. */
  readonly reportProblem: string | null;
  readonly counts: Counts;
  /** What the report says of itself that makes its passes no evidence. */
  readonly reportDoubts: readonly string[];
  /** Where the runner's own closing lines differ from the report; null when they agree or it prints none. */
  readonly summaryProblem: string | null;
  /** Requests of this attempt in the server's log; null when nobody looked. */
  readonly seen: { readonly requests: number; readonly elsewhere: number } | null;
  readonly seenProblem: string | null;
}

export interface SuiteRules {
  readonly testsMin: number;
  readonly skippedMaxPermille: number;
  readonly evidence: 'server' | 'none';
  readonly thresholdPermille: number;
}

/**
 * Law 3 and section 5 of the design: exit code, report and summary must agree and the evidence must hold.
 * An empty `invalidBecause` means that the counts may be believed.
 */
export function judgeSuite(facts: SuiteFacts, rules: SuiteRules): { verdict: Verdict; invalidBecause: string[] } {
  const invalidBecause = checks.flatMap((check) => check(facts, rules) ?? []);
  if (invalidBecause.length > 0) return { verdict: 'INVALID', invalidBecause };
  const met = meetsGate(facts.counts.passed, facts.counts.selected, rules.thresholdPermille);
  return { verdict: met ? 'GO' : 'NO-GO', invalidBecause };
}

type Check = (facts: SuiteFacts, rules: SuiteRules) => string | null;

const started: Check = (facts) =>
  facts.how === 'not-started' ? `not started: ${facts.message ?? 'no such program'}` : null;

const ended: Check = (facts) => {
  if (facts.how === 'timeout') return `timed out: ${facts.message ?? 'the time limit was reached'}`;
  if (facts.how === 'cancelled') return 'killed: the run was stopped';
  if (facts.how === 'exited' && facts.exitCode === null) return `killed: ${facts.message ?? 'ended by a signal'}`;
  return null;
};

const readable: Check = (facts) => (facts.how === 'not-started' ? null : facts.reportProblem);

const collected: Check = (facts, rules) => {
  if (facts.reportProblem !== null || facts.how === 'not-started') return null;
  // What is not run was not collected either: the floor puts it into the denominator.
  const tests = facts.counts.selected - facts.counts.notRun;
  if (tests === 0) return 'no tests: the report holds none';
  return tests < rules.testsMin ? `too few tests: ${tests} collected, at least ${rules.testsMin} declared` : null;
};

const skipped: Check = ({ counts }, rules) =>
  counts.selected > 0 && counts.skipped * 1000 > rules.skippedMaxPermille * counts.selected
    ? `skipped: ${counts.skipped} of ${counts.selected}, more than ${rules.skippedMaxPermille / 10} %`
    : null;

const exitAgrees: Check = (facts) => {
  if (facts.how !== 'exited' || facts.exitCode === null || facts.reportProblem !== null || facts.counts.selected === 0)
    return null;
  const red = facts.counts.failed + facts.counts.errored;
  if (facts.exitCode === 0 && red > 0) return `exit code disagrees: 0, but the report has ${red} red`;
  if (facts.exitCode !== 0 && red === 0)
    return `exit code disagrees: ${facts.exitCode}, but the report has nothing red`;
  return null;
};

const summaryAgrees: Check = (facts) =>
  facts.reportProblem === null && facts.summaryProblem ? `summary disagrees: ${facts.summaryProblem}` : null;

const reportHolds: Check = (facts) =>
  facts.reportDoubts.length > 0 ? `report in doubt: ${facts.reportDoubts.join('; ')}` : null;

const seenByServer: Check = (facts, rules) => {
  if (rules.evidence !== 'server' || facts.how === 'not-started') return null;
  if (facts.seen === null) return `not seen by the server: ${facts.seenProblem ?? 'nobody looked'}`;
  if (facts.seen.requests > 0) return null;
  return facts.seen.elsewhere > 0
    ? `not seen by the server: ${facts.seen.elsewhere} requests reached another revision`
    : 'not seen by the server: no request of this suite is in the log of the expected revision';
};

const checks: readonly Check[] = [
  started,
  ended,
  readable,
  collected,
  skipped,
  exitAgrees,
  summaryAgrees,
  reportHolds,
  seenByServer,
];
