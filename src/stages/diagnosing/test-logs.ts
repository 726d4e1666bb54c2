import { correlate, type TestTrail } from '../../analysis/correlate.ts';
import type { FailureGroup } from '../../analysis/failure-groups.ts';
import { counted } from '../../core/count-words.ts';
import { testTraceId } from '../../core/test-trace.ts';
import { proven } from '../../ports/journal.ts';
import type { StageRun } from '../../ports/stage.ts';
import { testKey } from '../cause-tests.ts';
import { storedAttempt } from '../stored-attempt.ts';
import { storedLogEntries } from '../stored-log-entries.ts';

/** The log entries of each red test's own requests, joined by trace where the client set it; stored, and cited as one artefact. */
export async function testLogs(group: FailureGroup, run: StageRun): Promise<string[]> {
  const { entries } = await storedLogEntries(run);
  if (entries.length === 0) return [];
  const tests = group.reds.map((red) => testKey(red.suite, red.test.id));
  const evidence = await run.journal.step<string>(`${run.key}/test-logs/${group.fingerprint}`, { tests }, async () => {
    const joined = correlate(await trailsOf(group, run), entries);
    const by = (how: string) => joined.filter((one) => one.how === how).length;
    const count = joined.reduce((sum, one) => sum + one.entries.length, 0);
    const excerpt = `${counted(joined.length, 'red test')}: ${by('trace')} joined by trace, ${by('request')} by time and path, ${by('none')} not; ${counted(count, 'log entry', 'log entries')}`;
    const content = JSON.stringify(joined, null, 1);
    const source = 'Cloud Logging entries joined with the red tests';
    const at = run.now().toISOString();
    return proven(await run.artifacts.put({ kind: 'test-logs', source, at, content, excerpt }), (id) => id);
  });
  return [evidence];
}

async function trailsOf(group: FailureGroup, run: StageRun): Promise<TestTrail[]> {
  const suites = run.record.phases.flatMap((phase) => phase.suites);
  return Promise.all(
    group.reds.map(async ({ suite, test }) => {
      const result = suites.find((one) => one.name === suite);
      const attempt = result ? await storedAttempt(result, run) : null;
      return {
        test: testKey(suite, test.id),
        traceId: attempt ? testTraceId(attempt.traceparent, test.name) : null,
        window: attempt ? { from: attempt.startedAt, to: attempt.endedAt } : null,
        message: test.message,
      };
    }),
  );
}
