import type { StageRun } from '../ports/stage.ts';
import { testKey } from './cause-tests.ts';
import { storedAttempt } from './stored-attempt.ts';

/** Tests with an explicit pass in a whole suite whose evidence holds, read from the stored attempts. What is green alone may be red with the others. */
export async function passedTests(run: StageRun): Promise<Set<string>> {
  const passed = new Set<string>();
  const judged = run.record.phases.flatMap((phase) => phase.suites);
  const believed = judged.filter(({ verdict }) => verdict === 'GO' || verdict === 'NO-GO');
  for (const suite of believed.filter(({ narrowedTo }) => narrowedTo === null)) {
    const attempt = await storedAttempt(suite, run);
    for (const id of attempt?.passed ?? []) passed.add(testKey(suite.name, id));
  }
  return passed;
}
