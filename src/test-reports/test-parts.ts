import type { StackFrame, TestAttempt, TestCase, TestOutcome } from '../core/test-report.ts';

export const noFrames: readonly StackFrame[] = Object.freeze([]);
export const noProperties: TestCase['properties'] = Object.freeze([]);

/** One attempt that says nothing; shared, because a report can have millions of tests that simply passed. */
export const bareAttempts: Readonly<Record<TestOutcome, readonly TestAttempt[]>> = {
  passed: Object.freeze([{ outcome: 'passed' }] as const),
  failed: Object.freeze([{ outcome: 'failed' }] as const),
  errored: Object.freeze([{ outcome: 'errored' }] as const),
  skipped: Object.freeze([{ outcome: 'skipped' }] as const),
};
