import type { StageRun } from '../ports/stage.ts';
import { testKey } from './cause-tests.ts';
import { storedAttempt } from './stored-attempt.ts';

/** Tests with an explicit pass in a suite whose evidence holds, read from the stored attempts. */
export async function passedTests(run: StageRun): Promise<Set<string>> {
  const passed = new Set<string>();
  const judged = run.record.phases.flatMap((phase) => phase.suites);
  for (const suite of judged.filter((one) => one.verdict === 'GO' || one.verdict === 'NO-GO')) {
    const attempt = await storedAttempt(suite, run);
    for (const id of attempt?.passed ?? []) passed.add(testKey(suite.name, id));
  }
  return passed;
}
