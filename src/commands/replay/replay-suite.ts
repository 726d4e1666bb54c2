import { z } from 'zod';
import type { EnvironmentConfig } from '../../config/environment.ts';
import { excusesOf } from '../../config/excuses.ts';
import type { PipelineConfig } from '../../config/pipeline.ts';
import { ruleModes } from '../../config/rule-modes.ts';
import { thresholdOf } from '../../config/suite-threshold.ts';
import { suiteSigns } from '../../core/evidence-rules/suite-signs.ts';
import { withExcuses } from '../../core/excused-tests.ts';
import { judgeSuite, type SuiteFacts } from '../../core/judge-suite.ts';
import { passRatePermille } from '../../core/pass-rate.ts';
import type { RunRecord, SuiteResult } from '../../core/record.ts';
import { testsSeen } from '../../core/tests-seen.ts';
import { readReportFiles } from '../../test-reports/index.ts';
import { reportFacts } from '../../test-reports/report-facts.ts';
import type { CheckedEvidence } from './check-evidence.ts';

export interface ReplayedConfig {
  readonly environment: Pick<EnvironmentConfig, 'services'>;
  readonly pipeline: PipelineConfig;
}

interface Replay {
  readonly record: RunRecord;
  readonly config: ReplayedConfig;
  readonly evidence: CheckedEvidence;
  readonly folder: string;
}

const Attempt = z.object({
  id: z.string(),
  how: z.enum(['exited', 'timeout', 'cancelled', 'not-started']),
  exitCode: z.int().nullable(),
  message: z.string().nullable(),
  reportProblem: z.string().nullable(),
  hosts: z.array(z.string()).optional(),
  traceparent: z.string().optional(),
});
const Requests = z.object({
  entries: z.array(
    z.object({
      service: z.string().nullable(),
      revision: z.string().nullable(),
      trace: z.string().nullable().default(null),
      request: z.object({ userAgent: z.string() }).nullable(),
    }),
  ),
});

/** One suite judged again: its report files read again, its requests counted again. A suite that did not run stays as it is. */
export async function replaySuite(suite: SuiteResult, phaseGate: number | null, replay: Replay): Promise<SuiteResult> {
  const config = replay.config.pipeline.suites[suite.name];
  const files = suite.evidence.flatMap((id) => replay.evidence.files.get(id) ?? []);
  const text = (kind: string) => files.find((file) => file.kind === kind)?.text ?? null;
  const attempt = parsed(Attempt, text('attempt'));
  if (config === undefined || attempt === null) return suite;
  const reports = files.filter(({ kind }) => kind === 'report').map(({ file }) => file);
  const reading = await readReportFiles(reports, { folder: replay.folder, root: replay.folder });
  const read = reportFacts(reading, text('console') ?? '', config.testsMin);
  const passing = reading.report.tests.flatMap(({ outcome, id }) => (outcome === 'passed' ? [id] : []));
  const requests = parsed(Requests, text('requests'));
  const { thresholdPermille, judgedBy } = thresholdOf(config, phaseGate, replay.config.pipeline);
  const judged = judgeSuite(
    {
      ...attempt,
      // Without a file there is nothing to read again: what the attempt said stands.
      reportProblem: reports.length === 0 ? attempt.reportProblem : read.problem,
      counts: read.counts,
      reportDoubts: read.doubts,
      signs: suiteSigns(text('console') ?? '', reading.report.tests, (reason) => reason),
      summaryProblem: reports.length === 0 ? null : read.summaryProblem,
      seen: requests === null ? null : seenIn(requests.entries, { ...attempt, passed: passing }, suite, replay),
      seenProblem: null,
    },
    { ...config, thresholdPermille, rules: ruleModes(config, replay.config.pipeline) },
  );
  const { passed, selected } = read.counts;
  const rate = selected === 0 ? null : passRatePermille(passed, selected);
  const again = { ...suite, ...judged, thresholdPermille, judgedBy, counts: read.counts, passRatePermille: rate };
  return withExcuses({ ...again, forgiven: [], excused: [] }, passing, excusesOf(suite.name, replay.config.pipeline));
}

function seenIn(
  entries: z.infer<typeof Requests>['entries'],
  attempt: { id: string; traceparent?: string | undefined; passed: readonly string[] },
  suite: SuiteResult,
  { record, config }: Replay,
): SuiteFacts['seen'] {
  const service = config.environment.services[suite.service]?.cloudRun ?? suite.service;
  const role = suite.roles[suite.service] ?? 'stable';
  const deployed = record.deployments.find((one) => one.service === suite.service && one.role === role);
  const own = entries.filter(
    (entry) => entry.service === service && entry.request?.userAgent.includes(`attempt ${attempt.id}`),
  );
  const requests = own.filter((entry) => entry.revision === deployed?.revision).length;
  return { requests, elsewhere: own.length - requests, tests: testsSeen(attempt, entries) };
}

/** Null where there is no such artefact, or one that another loop wrote in another shape. */
function parsed<S extends z.ZodType>(schema: S, text: string | null): z.output<S> | null {
  if (text === null) return null;
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
