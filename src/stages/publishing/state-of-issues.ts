import type { RunRecord } from '../../core/record.ts';
import type { StageRun } from '../../ports/stage.ts';
import { fingerprintIn } from '../cause-keys.ts';
import { passedTests } from '../passed-tests.ts';

/** For each open issue of loop: was its fault seen again, did all its tests pass, or does this run say nothing about it? */
export async function stateOfIssues(run: StageRun): Promise<RunRecord['context']['openIssues']> {
  const passed = await passedTests(run);
  const seen = new Set(run.record.causes.map((cause) => cause.fingerprint));
  return Promise.all(
    run.record.context.openIssues.map(async (issue) => {
      const fingerprint = fingerprintIn(issue.key);
      if (fingerprint && seen.has(fingerprint)) return { ...issue, state: 'reproduced' as const };
      const cause = fingerprint ? await run.memory.cause(fingerprint) : null;
      const green = cause !== null && cause.tests.length > 0 && cause.tests.every((test) => passed.has(test));
      return { ...issue, state: green ? ('not-reproduced' as const) : ('not-tested' as const) };
    }),
  );
}
