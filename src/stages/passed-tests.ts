import type { StageRun } from '../ports/stage.ts';
import { testKey } from './cause-tests.ts';

/** Tests with an explicit pass in a suite whose evidence holds, read from the stored attempts. */
export async function passedTests(run: StageRun): Promise<Set<string>> {
  const passed = new Set<string>();
  const suites = run.record.phases
    .flatMap((phase) => phase.suites)
    .filter((suite) => suite.verdict === 'GO' || suite.verdict === 'NO-GO');
  for (const suite of suites) {
    const evidence = suite.evidence[0] ? await run.evidence(suite.evidence[0]) : null;
    if (evidence?.kind !== 'attempt') continue;
    const attempt = JSON.parse(Buffer.from(await run.artifacts.read(evidence.path)).toString('utf8')) as {
      passed: string[];
    };
    for (const id of attempt.passed) passed.add(testKey(suite.name, id));
  }
  return passed;
}
