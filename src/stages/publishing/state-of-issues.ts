import type { RunRecord } from '../../core/record.ts';
import type { StageRun } from '../../ports/stage.ts';
import { fingerprintIn } from '../cause-keys.ts';
import { passedTests } from '../passed-tests.ts';
import type { PublishingParts } from './publishing-parts.ts';

type OpenIssues = RunRecord['context']['openIssues'];

/** For each open issue of loop: was its fault seen again, did all its tests pass, or does this run say nothing about it? */
export async function stateOfIssues(parts: Pick<PublishingParts, 'forge'>, run: StageRun): Promise<OpenIssues> {
  const passed = await passedTests(run);
  const seen = new Set(run.record.causes.map((cause) => cause.fingerprint));
  return Promise.all(
    (await openNow(parts, run)).map(async (issue) => {
      const fingerprint = fingerprintIn(issue.key);
      if (fingerprint && seen.has(fingerprint)) return { ...issue, state: 'reproduced' as const };
      const cause = fingerprint ? await run.memory.cause(fingerprint) : null;
      const green = cause !== null && cause.tests.length > 0 && cause.tests.every((test) => passed.has(test));
      return { ...issue, state: green ? ('not-reproduced' as const) : ('not-tested' as const) };
    }),
  );
}

/** Asked again: a cycle before this one may have opened issues. What was known before stands in when the forge is out of reach. */
async function openNow(parts: Pick<PublishingParts, 'forge'>, run: StageRun): Promise<OpenIssues> {
  const issues = await parts.forge.issues(run.signal);
  if (!issues.ok) return run.record.context.openIssues;
  return issues.value
    .filter((issue) => issue.state === 'open' && issue.key !== null)
    .map(({ number, title, key }) => ({ number, title, key: key ?? '', state: 'not-tested' }));
}
