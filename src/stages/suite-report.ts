import { lstat, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { staleWords } from '../core/evidence-rules/fresh.ts';
import { type SuiteSigns, suiteSigns } from '../core/evidence-rules/suite-signs.ts';
import { globMatcher } from '../core/glob.ts';
import { partialOutcomes } from '../core/partial-outcomes.ts';
import type { Counts, RedTest } from '../core/record.ts';
import { reportBytesMax, reportLimits } from '../core/report-limits.ts';
import type { StreamOutcomes } from '../core/stream-outcomes.ts';
import { attemptVector, type TestCase, type TestList } from '../core/test-report.ts';
import { readReportFiles } from '../test-reports/index.ts';
import { countTests, reportFacts } from '../test-reports/report-facts.ts';

export interface SuiteReport {
  readonly problem: string | null;
  readonly doubts: readonly string[];
  readonly summaryProblem: string | null;
  readonly counts: Counts;
  readonly signs: SuiteSigns;
  readonly passed: readonly string[];
  readonly red: readonly RedTest[];
  /** Absolute paths of the report files that were found and may be kept. */
  readonly files: readonly string[];
}

/** What the stream of a suite had told when it was stopped; null where it does not stream. */
export interface Stopped {
  readonly stream: StreamOutcomes | null;
}

const messageCharsMax = 2_000;
const framesMax = 10;

/** Reads what a suite left in its fresh report folder and holds it against what its console said. */
export async function readSuiteReport(request: {
  folder: string;
  /** Globs below the folder. Each must match: a part that did not report is a part that nobody knows of. */
  patterns: readonly string[];
  root: string;
  startedAt: Date;
  output: string;
  /** Collected, declared, or the last good run's; of a narrowed suite what was asked. */
  testsFloor: number;
  /** Ids of the tests that it was narrowed to. */
  narrowedTo: readonly string[] | null;
  /** The suite was stopped: what its stream had told until then, if it streams. */
  stopped: Stopped | null;
  redact: (text: string) => string;
  retries?: 'same-name' | undefined;
}): Promise<SuiteReport> {
  const { output, redact, folder, root, retries, testsFloor, stopped } = request;
  const { files, problem } = await findReports(request);
  if (problem !== null) return nothing(problem, request);
  const reading = await readReportFiles(files, { folder, root, retries, limits: reportLimits });
  const { tests } = reading.report;
  const facts = inFolder(reportFacts(reading, output, testsFloor, request.narrowedTo), folder);
  // What another process writes may hold anybody's tests: neither its passes nor its failures are of this attempt.
  if (!reading.ok && reading.failures.some(({ reason }) => reason === 'changed'))
    return nothing(facts.problem ?? 'the report changed', request);
  const signs = suiteSigns(output, tests, redact);
  const whole = { ...facts, signs, ...outcomesOf(tests, redact), files: await storable(files) };
  return stopped === null ? whole : untilStopped(whole, tests, stopped, testsFloor);
}

/** The attempt's folder has another name each time: whoever compares two runs, or keeps an issue of it, goes by the sentence. */
function inFolder<T extends { readonly problem: string | null }>(facts: T, folder: string): T {
  return { ...facts, problem: facts.problem?.replaceAll(`${folder}${sep}`, '') ?? null };
}

/** The report files of an attempt, or why there are none to read. */
export async function findReports(request: {
  folder: string;
  patterns: readonly string[];
  startedAt: Date;
}): Promise<{ files: readonly string[]; problem: string | null }> {
  const { files, unmatched } = await reportFiles(request.folder, request.patterns);
  if (unmatched !== undefined)
    return { files: [], problem: `no report: nothing matches ${unmatched} in the attempt's folder` };
  const stale = await staleFile(files, request.startedAt);
  if (stale === null) return { files, problem: null };
  return { files: [], problem: `${staleWords}: ${relative(request.folder, stale)} is older than the attempt` };
}

/** Secrets go before anything is cut: half of one would not be known any more. */
export function outcomesOf(tests: TestList, redact: (text: string) => string): Pick<SuiteReport, 'passed' | 'red'> {
  return {
    passed: tests.flatMap((test) => (test.outcome === 'passed' ? [test.id] : [])),
    red: tests.flatMap((test) => redTest(test, redact)),
  };
}

/** Of what is known, what the stop did not cause. */
export function untilStopped(
  report: SuiteReport,
  tests: TestList,
  { stream }: Stopped,
  testsFloor: number,
): SuiteReport {
  const { counts, keeps, fromStream } = partialOutcomes(tests, stream, testsFloor);
  return { ...report, counts, passed: [], red: [...report.red.filter(keeps), ...fromStream] };
}

/** What is no plain file, or too large, was refused unread; to open it for the evidence could wait for ever, or follow a link. */
export async function storable(files: readonly string[]): Promise<string[]> {
  const kept: string[] = [];
  for (const file of files) {
    const stat = await lstat(file);
    if (stat.isFile() && stat.size <= reportBytesMax) kept.push(file);
  }
  return kept;
}

const noTests = { tests: 0, passed: 0, failed: 0, errored: 0, skipped: 0 };

function nothing(
  problem: string,
  {
    testsFloor,
    narrowedTo,
    output,
    stopped,
    redact,
  }: Pick<Parameters<typeof readSuiteReport>[0], 'testsFloor' | 'narrowedTo' | 'output' | 'stopped' | 'redact'>,
): SuiteReport {
  const counts = countTests({ tests: [], totals: noTests }, testsFloor, narrowedTo);
  const signs = suiteSigns(output, [], redact);
  const none = { problem, doubts: [], summaryProblem: null, counts, signs, passed: [], red: [], files: [] };
  return stopped === null ? none : untilStopped(none, [], stopped, testsFloor);
}

function redTest(test: TestCase, redact: (text: string) => string): RedTest[] {
  if (test.outcome !== 'failed' && test.outcome !== 'errored') return [];
  return [
    {
      id: test.id,
      name: test.name,
      outcome: test.outcome,
      attempts: attemptVector(test) || 'F',
      message: redact(test.message ?? '').slice(0, messageCharsMax),
      frames: test.frames
        .slice(0, framesMax)
        .map((frame) => ({ file: frame.file, line: frame.line, function: frame.function ?? null })),
    },
  ];
}

interface FoundFiles {
  /** Absolute, each once, in the order of the globs. */
  readonly files: readonly string[];
  /** The first glob that matches nothing. */
  readonly unmatched: string | undefined;
}

async function reportFiles(folder: string, patterns: readonly string[]): Promise<FoundFiles> {
  // A suite may take its folder away, and a piece that was not begun has none.
  const entries = (await readdir(folder, { recursive: true }).catch(() => [])).toSorted();
  const found = patterns.map((pattern) => {
    const wanted = globMatcher(pattern);
    return { pattern, matched: entries.filter((entry) => wanted(entry.replaceAll('\\', '/'))) };
  });
  const names = new Set(found.flatMap(({ matched }) => matched));
  return {
    files: [...names].map((entry) => join(folder, entry)),
    unmatched: found.find(({ matched }) => matched.length === 0)?.pattern,
  };
}

/** File clocks are coarser than ours: a second of tolerance is not a stale report. */
const clockToleranceMs = 1_000;

async function staleFile(files: readonly string[], startedAt: Date): Promise<string | null> {
  for (const file of files) {
    const { mtimeMs } = await lstat(file);
    if (mtimeMs < startedAt.getTime() - clockToleranceMs) return file;
  }
  return null;
}
