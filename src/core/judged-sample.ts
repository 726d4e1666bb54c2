import { blankDeployment, blankHealth, blankSuite } from './blank-rows.ts';
import type { BootFailure, Counts, Deployment, Health, PhaseResult, SuiteResult } from './record.ts';

/** `5/8` passed, the others failed; `5/8 1e 1s 1n`: of the others so many errored, were skipped, were not run. For tests of the judges. */
export function counts(text: string): Counts {
  const [passed = 0, selected = 0] = (text.split(' ')[0] ?? '').split('/').map(Number);
  const of = (letter: string) => Number(new RegExp(`(\\d+)${letter}`).exec(text)?.[1] ?? 0);
  const [errored, skipped, notRun] = [of('e'), of('s'), of('n')];
  const executed = selected - skipped - notRun;
  return { selected, executed, passed, failed: executed - passed - errored, errored, skipped, notRun };
}

export function suite(name: string, result: Partial<SuiteResult> = {}): SuiteResult {
  return {
    name,
    service: 'backend',
    priority: 'P1',
    required: true,
    verdict: 'GO',
    thresholdPermille: 1000,
    judgedBy: 'suite',
    roles: { backend: 'candidate' },
    counts: counts('3/3'),
    passRatePermille: 1000,
    exitCode: 0,
    durationMs: 10,
    peakRssBytes: null,
    ...blankSuite,
    evidence: ['E1'],
    ...result,
  };
}

export function phase(
  name: string,
  verdict: PhaseResult['verdict'],
  suites: SuiteResult[] = [suite('auth')],
): PhaseResult {
  return {
    name,
    verdict,
    thresholdPermille: null,
    passRatePermille: 1000,
    lostAt: null,
    conditions: [],
    reason: `phase ${name}`,
    suites,
  };
}

export function candidate(
  service: string,
  failure: { code: string; message: string; boot?: BootFailure } | null = null,
): Deployment {
  return {
    service,
    role: 'candidate',
    ...blankDeployment,
    revision: `${service}-2`,
    commit: 'a'.repeat(40),
    rung: failure ? 'REVISION_CREATED' : 'READY',
    decision: 'deployed',
    failure: failure && { boot: null, ...failure },
  };
}

export function health(service: string, role: Health['role'], ok: boolean): Health {
  const because = ok ? 'answers 200' : 'answers 503';
  return {
    service,
    role,
    target: `${service} (${role})`,
    ok,
    ...blankHealth,
    status: ok ? 200 : 503,
    because,
  };
}
