import { join } from 'node:path';
import type { SuiteConfig } from '../config/pipeline.ts';
import { counted } from '../core/count-words.ts';
import { denominatorMin } from '../core/counts.ts';
import type { SuiteSigns } from '../core/evidence-rules/suite-signs.ts';
import { wasStopped } from '../core/judge-suite.ts';
import type { Counts, RedTest, SuiteResult } from '../core/record.ts';
import type { StreamOutcomes } from '../core/stream-outcomes.ts';
import type { StoredArtifact } from '../ports/artifacts.ts';
import type { StepResult } from '../ports/journal.ts';
import type { StageRun } from '../ports/stage.ts';
import type { CommandEnd } from '../ports/tester.ts';
import { openRegularFile } from '../test-reports/regular-file.ts';
import { type RanSuite, readRan, storedPieces } from './run-suite-command.ts';
import type { AttemptNames } from './suite-command.ts';
import { runningWords } from './suite-watch-words.ts';

/** One run of one suite against one set of addresses: facts only, no verdict. Plain JSON, kept in the journal. */
export interface SuiteAttempt {
  readonly suite: string;
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly how: CommandEnd['how'];
  readonly exitCode: number | null;
  readonly message: string | null;
  readonly durationMs: number;
  readonly peakRssBytes: number | null;
  readonly counts: Counts;
  readonly reportProblem: string | null;
  readonly reportDoubts: readonly string[];
  readonly summaryProblem: string | null;
  /** Absent in attempts that an older loop journaled, as are `hosts` and `traceparent`. */
  readonly signs?: SuiteSigns;
  /** What it was given to talk to, and what the config declares besides. */
  readonly hosts?: readonly string[];
  readonly traceparent?: string;
  /** `host` or `host:port` of the services that it was given, by name. Absent in attempts that an older loop journaled. */
  readonly given?: Readonly<Record<string, string>>;
  /** How many tests were collected before it ran; null or absent where nobody did. */
  readonly collected?: number | null;
  /** Stopped before its end: its outcomes are those that were known then. */
  readonly partial?: boolean;
  /** What its stream had told when it was stopped; null where it did not stream, or came to its end. */
  readonly stream?: StreamOutcomes | null;
  /** Ids of the tests that it was narrowed to; null or absent where it ran whole. */
  readonly narrowedTo?: readonly string[] | null;
  /** Why it ran whole though some tests were asked for. */
  readonly notNarrowed?: string | null;
  readonly split?: SuiteResult['split'];
  /** Its console output is stored without its middle. */
  readonly outputCut?: boolean;
  /** Empty where it was stopped: passes before that prove nothing. */
  readonly passed: readonly string[];
  readonly red: readonly RedTest[];
  /** First the attempt's facts, then console output, then what it streamed into a file, then the report files. */
  readonly evidence: readonly string[];
}

interface Ended {
  readonly request: {
    readonly name: string;
    readonly suite: SuiteConfig;
    readonly cwd: string;
    readonly collected?: number | null;
    readonly testsFloor?: number;
  };
  readonly names: AttemptNames;
  readonly startedAt: Date;
  readonly ran: RanSuite;
  readonly argv: readonly string[];
  readonly reportFolder: string;
  /** Null where it came to its end, or its runner does not stream. */
  readonly stream: StreamOutcomes | null;
  readonly hosts: readonly string[];
  readonly given: Readonly<Record<string, string>>;
}

/** An attempt as the journal keeps it: where very many passed, only the artefact names them, and `passed` is null. */
export type AttemptRow = Omit<SuiteAttempt, 'passed'> & { readonly passed: readonly string[] | null };

const passedInRowMax = 5_000;

/** Everything that an ended command left, as one attempt with its artefacts. */
export async function attemptFacts(ended: Ended, run: StageRun): Promise<StepResult<AttemptRow>> {
  const { request, ran, names, stream } = ended;
  const { end, split, narrowing } = ran;
  const { name, suite, collected = null } = request;
  const partial = wasStopped(end);
  const report = await readRan(ran, {
    folder: ended.reportFolder,
    patterns: [suite.report.path].flat(),
    root: request.cwd,
    startedAt: ended.startedAt,
    attempt: names.id,
    testsFloor: narrowing.tests?.length ?? denominatorMin(request.testsFloor ?? suite.testsMin ?? 1, collected),
    stopped: partial ? { stream } : null,
    redact: run.redact,
    retries: suite.report.retries,
  });
  const at = run.now().toISOString();
  const attempt = {
    suite: name,
    id: names.id,
    startedAt: ended.startedAt.toISOString(),
    endedAt: at,
    how: end.how,
    exitCode: end.exitCode,
    message: messageOf(end, stream),
    durationMs: Math.round(end.durationMs),
    peakRssBytes: end.peakRssBytes,
    counts: report.counts,
    reportProblem: report.problem,
    reportDoubts: report.doubts,
    summaryProblem: report.summaryProblem,
    signs: report.signs,
    hosts: ended.hosts,
    given: ended.given,
    traceparent: names.traceparent,
    collected,
    partial,
    stream,
    narrowedTo: narrowing.tests,
    notNarrowed: narrowing.because,
    split,
    outputCut: end.outputTruncated,
    passed: report.passed,
    red: report.red,
  };
  const { counts } = attempt;
  const stored = { ...attempt, argv: ended.argv, userAgent: names.userAgent, pieces: storedPieces(ran, report) };
  const content = JSON.stringify(stored, null, 2);
  const only = narrowing.tests === null ? '' : `, narrowed to ${counted(narrowing.tests.length, 'test')}`;
  const excerpt = `exit code ${end.exitCode}, ${counts.passed} of ${counts.selected} passed, ${counts.failed + counts.errored} red${only}`;
  const of = `suite ${name}, attempt ${names.id}`;
  const artifacts: StoredArtifact[] = [
    await run.artifacts.put({ kind: 'attempt', source: of, at, content, excerpt }),
    await run.artifacts.put({ kind: 'console', source: `output of ${of}`, at, content: report.output }),
  ];
  const files = await filesOf(ended, report.files);
  for (const { kind, file } of files)
    artifacts.push(await run.artifacts.putFile({ kind, source: `${kind} of ${of}`, at, file, excerpt }));
  const passed = report.passed.length > passedInRowMax ? null : report.passed;
  return { artifacts, value: (evidence) => ({ ...attempt, passed, evidence: [...evidence] }) };
}

/** What it streamed is stored where it is no report itself. */
async function filesOf(
  { request, reportFolder }: Ended,
  reports: readonly string[],
): Promise<{ kind: 'stream' | 'report'; file: string }[]> {
  const found = reports.map((file) => ({ kind: 'report' as const, file }));
  const { stream } = request.suite.report;
  const file = stream === undefined ? null : join(reportFolder, stream);
  if (file === null || reports.includes(file)) return found;
  const opened = await openRegularFile(file, reportFolder);
  if (!opened.ok) return found;
  await opened.handle.close();
  return [{ kind: 'stream', file }, ...found];
}

/** The watchdog's own sentence names its tests already. */
function messageOf(end: CommandEnd, stream: StreamOutcomes | null): string | null {
  if (stream === null || end.how === 'test-timeout' || end.how === 'stopped') return end.message;
  return `${end.message ?? 'ended early'}${runningWords(stream)}`;
}
