import type { TestCase } from '../../core/test-report.ts';

/** pytest writes a failed test whose teardown breaks too as two elements of one name, one after the other. */
export function isTeardownOf(test: TestCase, before: TestCase): boolean {
  if (test.outcome !== 'errored' || test.name !== before.name || test.className !== before.className) return false;
  return /^(?:failed on teardown|test teardown failure)/.test(test.message ?? '');
}

export function foldTeardown(test: TestCase, teardown: TestCase): TestCase {
  const stacks = [test.stack, teardown.stack].filter((stack) => stack !== undefined);
  const passed = test.outcome === 'passed' || test.outcome === 'skipped';
  const told = passed ? teardown : test;
  return {
    ...test,
    outcome: told.outcome,
    ...(told.message === undefined ? {} : { message: told.message }),
    ...(stacks.length === 0 ? {} : { stack: stacks.join('\n\n') }),
    frames: [...test.frames, ...teardown.frames],
    attempts: told.attempts,
  };
}
