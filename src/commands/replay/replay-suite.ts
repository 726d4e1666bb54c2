import { z } from 'zod';
import type { EnvironmentConfig } from '../../config/environment.ts';
import { excusesOf } from '../../config/excuses.ts';
import type { PipelineConfig } from '../../config/pipeline.ts';
import { ruleModes } from '../../config/rule-modes.ts';
import { thresholdOf } from '../../config/suite-threshold.ts';
import { type SuiteSigns, suiteSigns } from '../../core/evidence-rules/suite-signs.ts';
import { withExcuses } from '../../core/excused-tests.ts';
import { judgeSuite, type SuiteFacts } from '../../core/judge-suite.ts';
import { passRatePermille } from '../../core/pass-rate.ts';
import type { RunRecord, SuiteResult } from '../../core/record.ts';
import type { TestCase } from '../../core/test-report.ts';
import { testsSeen } from '../../core/tests-seen.ts';
import { readReportFiles } from '../../test-reports/index.ts';
import { type ReportFacts, reportFacts } from '../../test-reports/report-facts.ts';
import { splitFacts } from '../../test-reports/split-facts.ts';
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
  narrowedTo: z.array(z.string()).nullish(),
  pieces: z
    .array(
      z.object({
        item: z.string(),
        how: z.enum(['exited', 'timeout', 'cancelled', 'not-started']),
        exitCode: z.int().nullable(),
        reports: z.int(),
        reportProblem: z.string().nullable(),
      }),
    )
    .nullish(),
});
type Attempt = z.infer<typeof Attempt>;
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
  const read = await readAgain(attempt, { reports, console: text('console') ?? '', testsMin: config.testsMin }, replay);
  const requests = parsed(Requests, text('requests'));
  const { thresholdPermille, judgedBy } = thresholdOf(config, phaseGate, replay.config.pipeline);
  const judged = judgeSuite(
    {
      ...attempt,
      // Without a file there is nothing to read again: what the attempt said stands.
      reportProblem: reports.length === 0 ? attempt.reportProblem : read.problem,
      counts: read.counts,
      reportDoubts: read.doubts,
      signs: read.signs,
      summaryProblem: reports.length === 0 ? null : read.summaryProblem,
      seen: requests === null ? null : seenIn(requests.entries, { ...attempt, passed: read.passed }, suite, replay),
      seenProblem: null,
    },
    {
      ...config,
      testsMin: attempt.narrowedTo?.length ?? config.testsMin,
      thresholdPermille,
      rules: ruleModes(config, replay.config.pipeline),
    },
  );
  const { passed, selected } = read.counts;
  const rate = selected === 0 ? null : passRatePermille(passed, selected);
  const again = { ...suite, ...judged, thresholdPermille, judgedBy, counts: read.counts, passRatePermille: rate };
  return withExcuses(
    { ...again, forgiven: [], excused: [] },
    read.passed,
    excusesOf(suite.name, replay.config.pipeline),
  );
}

/** The report files read again as the run read them: together, or piece by piece where the suite was split. */
async function readAgain(
  attempt: Attempt,
  { reports, console, testsMin }: { reports: readonly string[]; console: string; testsMin: number },
  { folder }: Replay,
): Promise<ReportFacts & { signs: SuiteSigns; passed: readonly string[] }> {
  const how = { folder, root: folder, testsMin, redact: (text: string) => text };
  if (attempt.pieces) {
    const starts = attempt.pieces.map((_, n) => sumOf(attempt.pieces?.slice(0, n)));
    const pieces = attempt.pieces.map((piece, n) => ({
      ...piece,
      files: reports.slice(starts[n], (starts[n] ?? 0) + piece.reports),
    }));
    const { tests, ...facts } = await splitFacts(pieces, { output: console, attempt: attempt.id }, how);
    return { ...facts, passed: passedIn(tests) };
  }
  const reading = await readReportFiles(reports, how);
  const { tests } = reading.report;
  const facts = reportFacts(reading, console, testsMin, attempt.narrowedTo ?? null);
  return { ...facts, signs: suiteSigns(console, tests, how.redact), passed: passedIn(tests) };
}

function sumOf(pieces: readonly { reports: number }[] = []): number {
  return pieces.reduce((sum, { reports }) => sum + reports, 0);
}

function passedIn(tests: readonly TestCase[]): string[] {
  return tests.filter(({ outcome }) => outcome === 'passed').map(({ id }) => id);
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
