import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { staleWords } from '../core/evidence-rules/fresh.ts';
import { type SuiteSigns, suiteSigns } from '../core/evidence-rules/suite-signs.ts';
import type { Counts, RedTest } from '../core/record.ts';
import type { TestCase } from '../core/test-report.ts';
import { readReportFiles } from '../test-reports/index.ts';
import { reportFacts } from '../test-reports/report-facts.ts';

export interface SuiteReport {
  readonly problem: string | null;
  readonly doubts: readonly string[];
  readonly summaryProblem: string | null;
  readonly counts: Counts;
  readonly signs: SuiteSigns;
  readonly passed: readonly string[];
  readonly red: readonly RedTest[];
  /** Absolute paths of the report files that were found. */
  readonly files: readonly string[];
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
  testsMin: number;
  redact: (text: string) => string;
}): Promise<SuiteReport> {
  const { files, unmatched } = await reportFiles(request.folder, request.patterns);
  if (unmatched !== undefined)
    return nothing(`no report: nothing matches ${unmatched} in the attempt's folder`, request);
  const stale = await staleFile(files, request.startedAt);
  if (stale) return nothing(`${staleWords}: ${relative(request.folder, stale)} is older than the attempt`, request);
  const reading = await readReportFiles(files, { folder: request.folder, root: request.root });
  const { report } = reading;
  return {
    ...reportFacts(reading, request.output, request.testsMin),
    signs: suiteSigns(request.output, report.tests, request.redact),
    passed: report.tests.flatMap((test) => (test.outcome === 'passed' ? [test.id] : [])),
    red: report.tests.flatMap((test) => redTest(test, request.redact)),
    files,
  };
}

function nothing(
  problem: string,
  { testsMin, output, redact }: { testsMin: number; output: string; redact: (text: string) => string },
): SuiteReport {
  const counts = { selected: testsMin, executed: 0, passed: 0, failed: 0, errored: 0, skipped: 0, notRun: testsMin };
  const signs = suiteSigns(output, [], redact);
  return { problem, doubts: [], summaryProblem: null, counts, signs, passed: [], red: [], files: [] };
}

/** Secrets go before anything is cut: half of one would not be known any more. */
function redTest(test: TestCase, redact: (text: string) => string): RedTest[] {
  if (test.outcome !== 'failed' && test.outcome !== 'errored') return [];
  const attempts = test.attempts.map((attempt) => (attempt.outcome === 'passed' ? 'P' : 'F')).join('') || 'F';
  return [
    {
      id: test.id,
      name: test.name,
      outcome: test.outcome,
      attempts,
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
  const entries = (await readdir(folder, { recursive: true })).toSorted();
  const found = patterns.map((pattern) => {
    const wanted = globPattern(pattern);
    return { pattern, matched: entries.filter((entry) => wanted.test(entry.replaceAll('\\', '/'))) };
  });
  const names = new Set(found.flatMap(({ matched }) => matched));
  return {
    files: [...names].map((entry) => join(folder, entry)),
    unmatched: found.find(({ matched }) => matched.length === 0)?.pattern,
  };
}

/** `*` and `?` within one folder, `**` over folders; nothing else is special. */
function globPattern(pattern: string): RegExp {
  const source = pattern
    .split(/(\*\*\/?|\*|\?)/)
    .map(
      (part) =>
        ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' })[part] ??
        part.replace(/[.+^${}()|[\]\\]/g, '\\$&'),
    )
    .join('');
  return new RegExp(`^${source}$`);
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
