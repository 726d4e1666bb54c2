import { z } from 'zod';
import type { EnvironmentConfig } from '../../config/environment.ts';
import { excusesOf } from '../../config/excuses.ts';
import type { PipelineConfig } from '../../config/pipeline.ts';
import { ruleModes } from '../../config/rule-modes.ts';
import { thresholdOf } from '../../config/suite-threshold.ts';
import { requestsSince } from '../../core/attempt-requests.ts';
import { readCollection } from '../../core/collection.ts';
import { denominatorMin } from '../../core/counts.ts';
import { testsFloor } from '../../core/evidence-rules/floor.ts';
import { type SuiteSigns, suiteSigns } from '../../core/evidence-rules/suite-signs.ts';
import { withExcuses } from '../../core/excused-tests.ts';
import { judgeSuite, type SuiteFacts } from '../../core/judge-suite.ts';
import { partialOutcomes } from '../../core/partial-outcomes.ts';
import { passRatePermille } from '../../core/pass-rate.ts';
import type { RunRecord, SuiteResult } from '../../core/record.ts';
import { reportLimits } from '../../core/report-limits.ts';
import { StreamOutcomes } from '../../core/stream-outcomes.ts';
import { judgeCriteria, missedCriteria } from '../../core/suite-criteria.ts';
import type { TestList } from '../../core/test-report.ts';
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
  how: z.enum(['exited', 'timeout', 'cancelled', 'test-timeout', 'stopped', 'not-started']),
  exitCode: z.int().nullable(),
  message: z.string().nullable(),
  reportProblem: z.string().nullable(),
  hosts: z.array(z.string()).optional(),
  traceparent: z.string().optional(),
  startedAt: z.string().optional(),
  collected: z.int().nullable().default(null),
  partial: z.boolean().default(false),
  stream: StreamOutcomes.nullable().default(null),
  narrowedTo: z.array(z.string()).nullish(),
  pieces: z
    .array(
      z.object({
        item: z.string(),
        how: z.enum(['exited', 'timeout', 'test-timeout', 'stopped', 'cancelled', 'not-started']),
        exitCode: z.int().nullable(),
        reports: z.int(),
        reportProblem: z.string().nullable(),
      }),
    )
    .nullish(),
});
type Attempt = z.infer<typeof Attempt>;
const Printed = z.object({ stdout: z.string() });
const Requests = z.object({
  truncated: z.boolean().default(false),
  entries: z.array(
    z.object({
      at: z.string().optional(),
      service: z.string().nullable(),
      revision: z.string().nullable(),
      trace: z.string().nullable().default(null),
      request: z.object({ userAgent: z.string() }).nullable(),
    }),
  ),
});

const Known = z.object({
  lastGood: z.object({ run: z.string(), tests: z.int() }).nullable(),
  baseline: z.object({ run: z.string(), passRatePermille: z.int() }).nullable(),
});

/** One suite judged again: its report files read again, its requests counted again. A suite that did not run stays as it is. */
export async function replaySuite(suite: SuiteResult, phaseGate: number | null, replay: Replay): Promise<SuiteResult> {
  const config = replay.config.pipeline.suites[suite.name];
  const files = suite.evidence.flatMap((id) => replay.evidence.files.get(id) ?? []);
  const text = (kind: string) => files.find((file) => file.kind === kind)?.text ?? null;
  const attempt = parsed(Attempt, text('attempt'));
  if (config === undefined || attempt === null) return suite;
  const reports = files.filter(({ kind }) => kind === 'report').map(({ file }) => file);
  const known = parsed(Known, text('held-against')) ?? { lastGood: null, baseline: null };
  const collected = collectedIn(text('collection'), config);
  const held = attempt.narrowedTo
    ? { testsMin: attempt.narrowedTo.length, lastGood: null }
    : { testsMin: config.testsMin, lastGood: known.lastGood };
  const floor = denominatorMin(testsFloor(held), collected);
  const asked = { reports, console: text('console') ?? '', floor, retries: config.report.retries };
  const { tests, signs, ...read } = await readAgain(attempt, asked, replay);
  const counts = attempt.partial ? partialOutcomes(tests, attempt.stream, floor).counts : read.counts;
  const passing = attempt.partial ? [] : tests.flatMap(({ outcome, id }) => (outcome === 'passed' ? [id] : []));
  const requests = parsed(Requests, text('requests'));
  const { thresholdPermille, judgedBy } = thresholdOf(config, phaseGate, replay.config.pipeline);
  const judged = judgeSuite(
    {
      ...attempt,
      // A file that could not be kept is not read again: what the attempt said of it stands.
      reportProblem: reports.length === 0 ? attempt.reportProblem : (read.problem ?? attempt.reportProblem),
      counts,
      collected,
      reportDoubts: read.doubts,
      signs,
      summaryProblem: reports.length === 0 ? null : read.summaryProblem,
      seen: requests === null ? null : seenIn(requests, { ...attempt, passed: passing }, suite, replay),
      seenProblem: null,
    },
    { ...config, ...held, thresholdPermille, rules: ruleModes(config, replay.config.pipeline) },
  );
  const { passed, selected } = counts;
  const rate = selected === 0 ? null : passRatePermille(passed, selected);
  const red = tests.filter(({ outcome }) => outcome === 'failed' || outcome === 'errored');
  const about = { counts, passed: passing, red, signs, baseline: known.baseline };
  // Older stored configs have no criteria.
  const criteria = judgeCriteria(config.criteria ?? [], about);
  const warnings = [...judged.warnings, ...missedCriteria(criteria)];
  const measured = { counts, passRatePermille: rate, criteria, warnings };
  const again = { ...suite, ...judged, thresholdPermille, judgedBy, ...measured };
  return withExcuses({ ...again, forgiven: [], excused: [] }, passing, excusesOf(suite.name, replay.config.pipeline));
}

/** Counted again from what the collection printed; null where the suite has none. */
function collectedIn(
  text: string | null,
  { collect }: Pick<ReplayedConfig['pipeline']['suites'][string], 'collect'>,
): number | null {
  const printed = parsed(Printed, text);
  if (collect === undefined || printed === null) return null;
  const read = readCollection(printed.stdout, collect);
  return read.ok ? read.count : null;
}

/** The report files read again as the run read them: together, or piece by piece where the suite was split. */
async function readAgain(
  attempt: Attempt,
  asked: { reports: readonly string[]; console: string; floor: number; retries: 'same-name' | undefined },
  { folder }: Replay,
): Promise<ReportFacts & { signs: SuiteSigns; tests: TestList }> {
  const { reports, console, floor, retries } = asked;
  const redact = (text: string) => text;
  const how = { folder, root: folder, testsFloor: floor, retries, redact, limits: reportLimits };
  if (attempt.pieces) {
    const starts = attempt.pieces.map((_, n) => sumOf(attempt.pieces?.slice(0, n)));
    const pieces = attempt.pieces.map((piece, n) => ({
      ...piece,
      files: reports.slice(starts[n], (starts[n] ?? 0) + piece.reports),
    }));
    return splitFacts(pieces, { output: console, attempt: attempt.id }, how);
  }
  const reading = await readReportFiles(reports, how);
  const { tests } = reading.report;
  const facts = reportFacts(reading, console, floor, attempt.narrowedTo ?? null);
  return { ...facts, signs: suiteSigns(console, tests, how.redact), tests };
}

function sumOf(pieces: readonly { reports: number }[] = []): number {
  return pieces.reduce((sum, { reports }) => sum + reports, 0);
}

function seenIn(
  { entries: all, truncated }: z.infer<typeof Requests>,
  attempt: { id: string; startedAt?: string | undefined; traceparent?: string | undefined; passed: readonly string[] },
  suite: SuiteResult,
  { record, config }: Replay,
): SuiteFacts['seen'] {
  const entries = requestsSince(all, attempt.startedAt);
  const service = config.environment.services[suite.service]?.cloudRun ?? suite.service;
  const role = suite.roles[suite.service] ?? 'stable';
  const deployed = record.deployments.find((one) => one.service === suite.service && one.role === role);
  const own = entries.filter(
    (entry) => entry.service === service && entry.request?.userAgent.includes(`attempt ${attempt.id}`),
  );
  const requests = own.filter((entry) => entry.revision === deployed?.revision).length;
  return { requests, elsewhere: own.length - requests, tests: truncated ? null : testsSeen(attempt, entries) };
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
