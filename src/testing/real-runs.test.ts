import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { RuleModes } from '../core/evidence-rules/rule.ts';
import { judgeSuite } from '../core/judge-suite.ts';
import { readSuiteReport } from '../stages/suite-report.ts';

// What the suites of a real team left behind. It does not travel with the project.
const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'shared', 'corpora', 'real-runs');
const fileOf = (name: string): string => readFileSync(join(folder, name), 'utf8');

interface Attempt {
  /** The command's end: as the file tells it, else as its runner ends on what it printed. Null: it had to be killed. */
  readonly exit: number | null;
  readonly report: string;
  readonly console: string;
  readonly rules?: RuleModes;
}

type Case = readonly [id: string, file: string, attempt: (text: string) => Attempt, says: string];

/** A runner that only prints: its console is its report as well. */
const printed = (exit: number | null) => (text: string) => ({ exit, report: text, console: text });
const report = (exit: number) => (text: string) => ({ exit, report: text, console: '' });

/** The n-th pytest run that a wrapper kept inside of its JSON. */
const inner =
  (key: 'output' | 'stdout', index: number, exit: number, rules: RuleModes = {}) =>
  (text: string): Attempt => {
    const found: string[] = [];
    JSON.parse(text, (name, value) => {
      if (name === key && typeof value === 'string') found.push(value);
      return value;
    });
    return { ...printed(exit)(found[index] ?? ''), rules };
  };

/** Redaction of the corpus broke the escapes of its Windows paths. */
const mended = (text: string): string => text.replaceAll('C:\\Users\\user\\\\', 'C:\\\\Users\\\\user\\\\');

const cases: readonly Case[] = [
  [
    'T01',
    'T01-golden_path_staging_validation_20250915_233458.json',
    report(1),
    'INVALID 0/1: unreadable report (unknown-format): the report\'s format is not known: it is JSON with "start_time", "end_time", "total_duration", "overall_success"',
  ],
  [
    'T01 run 1',
    'T01-golden_path_staging_validation_20250915_233458.json',
    inner('output', 0, 0),
    'GO 7/7: thin: a mock instead of the service (rule mock): "run in fallback mode" in console line 19; thin: 15 warnings, 7 tests: 2 × 7 + 1 is what tests leave that were never awaited',
  ],
  [
    'T01 run 1, enforced',
    'T01-golden_path_staging_validation_20250915_233458.json',
    inner('output', 0, 0, { mock: 'enforce' }),
    'INVALID 7/7: a mock instead of the service (rule mock): "run in fallback mode" in console line 19; thin: 15 warnings, 7 tests: 2 × 7 + 1 is what tests leave that were never awaited',
  ],
  [
    'T01 run 2',
    'T01-golden_path_staging_validation_20250915_233458.json',
    inner('output', 1, 0),
    'GO 5/5: thin: a mock instead of the service (rule mock): "run in fallback mode" in console line 19; thin: 11 warnings, 5 tests: 2 × 5 + 1 is what tests leave that were never awaited',
  ],
  [
    'T01 run 3',
    'T01-golden_path_staging_validation_20250915_233458.json',
    inner('output', 2, 0),
    'GO 7/7: thin: a mock instead of the service (rule mock): "run in fallback mode" in console line 19; thin: 15 warnings, 7 tests: 2 × 7 + 1 is what tests leave that were never awaited',
  ],
  [
    'T03 with T04',
    'T03-test_results.xml',
    (text) => ({ exit: 1, report: text, console: fileOf('T04-staging_test_output_iteration_1.txt') }),
    "INVALID 51/61: summary disagrees: the output's own summary says 61 tests: 51 passed, 7 failed, 0 skipped, which leaves 3 untold; the report says 51 passed, 7 failed, 3 errored, 0 skipped",
  ],
  [
    'T03 with T36',
    'T03-test_results.xml',
    (text) => ({ exit: 1, report: text, console: fileOf('T36-STAGING_100_TESTS_REPORT.md') }),
    'INVALID 51/61: summary disagrees: the console (pytest) says 58 tests: 51 passed, 7 failed, 0 errored, 0 skipped; the report says 61 tests: 51 passed, 7 failed, 3 errored, 0 skipped',
  ],
  ['T03 alone', 'T03-test_results.xml', report(1), 'GO 51/61'],
  [
    'T04',
    'T04-staging_test_output_iteration_1.txt',
    printed(1),
    'INVALID 50/59: report in doubt: the closing line (`== 1 passed in 0.1s ==`) is missing: the run was killed, or its end was cut off',
  ],
  [
    'T06',
    'T06-iteration_1_auth_routes.txt',
    printed(0),
    'INVALID 0/6: skipped: 6 of 6, more than 20 % (6 × Test not compatible with test environment. Compatible: staging)',
  ],
  [
    'T07',
    'T07-iteration_1_oauth.txt',
    printed(0),
    'INVALID 0/7: skipped: 7 of 7, more than 20 % (7 × Test not compatible with test environment. Compatible: staging)',
  ],
  [
    'T09',
    'T09-full_priority_test_run.txt',
    printed(4),
    'INVALID 0/1: no tests: the report holds none; report in doubt: pytest stopped: ERROR: file or directory not found: glob',
  ],
  [
    'T11',
    'T11-staging_e2e_full_run.txt',
    printed(1),
    'INVALID 0/1: no tests: the report holds none; report in doubt: pytest collected 58 tests and tells the outcome of 0: the runner crashed (ValueError: I/O operation on closed file.)',
  ],
  [
    'T13',
    'T13-gcp_logs_iteration_26_full_20250907_081500.txt',
    printed(1),
    'INVALID 0/3: report in doubt: 3 files could not be collected: how many tests are missing is not known',
  ],
  [
    'T15',
    'T15-collection_output.txt',
    printed(2),
    'INVALID 0/10: report in doubt: the output lists 1408 collected tests (--collect-only), and none of them ran; 10 files could not be collected: how many tests are missing is not known; pytest stopped (stopping after 10 failures), so that there may be more of them',
  ],
  [
    'T16',
    'T16-final_collection.txt',
    printed(2),
    'INVALID 0/1: no tests: the report holds none; report in doubt: the output lists 1744 collected tests (--collect-only), and none of them ran; 10 files could not be collected: how many tests are missing is not known',
  ],
  [
    'T18',
    'T18-staging_test_output_iteration2.txt',
    printed(null),
    'INVALID 0/1: timed out: the time limit was reached; no tests: the report holds none; report in doubt: the output ends at "collecting ...": pytest hung, or was killed, while it collected its tests',
  ],
  [
    'T19',
    'T19-test_iteration_4_raw.txt',
    printed(null),
    'INVALID 0/1: timed out: the time limit was reached; no tests: the report holds none; report in doubt: the output ends at "collecting ...": pytest hung, or was killed, while it collected its tests',
  ],
  ['T21', 'T21-p0_test_output.txt', printed(0), 'GO 25/25'],
  [
    'T23',
    'T23-staging_test_output.txt',
    printed(1),
    'INVALID 53/54: unreadable report (two-roots): the output holds two runs of pytest in report:135; report in doubt: the report holds NUL characters: two encodings or two writers in one file',
  ],
  [
    'T24',
    'T24-staging_test_output_full.txt',
    printed(0),
    'INVALID 29/29: unreadable report (two-roots): the output holds two runs of pytest in report:115; report in doubt: the report holds NUL characters: two encodings or two writers in one file',
  ],
  [
    'T27',
    'T27-gcp_logs_iteration_26_staging_runner_20250907_081700.txt',
    printed(1),
    'INVALID 0/1: unreadable report (unknown-format): the report\'s format is not known: it begins with "STAGING E2E TEST SUITE - TOP 10 AGENT TESTS"',
  ],
  ['T29', 'T29-test_results.txt', printed(1), 'NO-GO 4/78'],
  [
    'T30',
    'T30-e2e_test_results_1757820986.json',
    report(1),
    'INVALID 0/1: unreadable report (unknown-format): the report\'s format is not known: it is JSON with "start_time", "environment", "tests", "summary"',
  ],
  [
    'T30 run 1',
    'T30-e2e_test_results_1757820986.json',
    inner('stdout', 0, 4),
    'INVALID 0/1: report in doubt: 1 file could not be collected: how many tests are missing is not known; pytest stopped (stopping after 1 failures), so that there may be more of them',
  ],
  ['T30 run 2', 'T30-e2e_test_results_1757820986.json', inner('stdout', 1, 1), 'NO-GO 0/1'],
  [
    'T32',
    'T32-staging_test_all_466_iteration3.log',
    printed(1),
    'INVALID 0/1: unreadable report (unknown-format): the report\'s format is not known: it begins with "object address  : 0000019E251BB460"',
  ],
  [
    'T34',
    'T34-E2E_AI_OPTIMIZATION_TEST_RUN_DATE.log',
    printed(1),
    'INVALID 0/1: unreadable report (unknown-format): the report\'s format is not known: it begins with "Checking Docker health..."',
  ],
  [
    'T35',
    'T35-staging_test_results.json',
    (text) => report(3)(mended(text)),
    'INVALID 0/3: report in doubt: 3 files could not be collected: how many tests are missing is not known; pytest ended with exit code 3: an internal error of the runner',
  ],
  [
    'T36',
    'T36-STAGING_100_TESTS_REPORT.md',
    report(1),
    'INVALID 0/1: unreadable report (unknown-format): the report\'s format is not known: it begins with "# Top 100 E2E Staging Tests - Execution Report"',
  ],
  ['J01', 'J01-junit.xml', report(5), 'INVALID 0/1: no tests: the report holds none'],
  [
    'J03',
    'J03-junit.xml',
    report(0),
    'INVALID 0/47: skipped: 47 of 47, more than 20 % (47 × Real services unavailable: Required services not available: PostgreSQL: PostgreSQL not available: Multiple exceptions: [)',
  ],
  [
    'J05',
    'J05-junit.xml',
    report(0),
    'INVALID 0/1: unreadable report (conflict-markers): the file holds merge conflict markers in report',
  ],
  ['J07', 'J07-junit.xml', report(1), 'NO-GO 0/1'],
  ['J09', 'J09-junit.xml', report(1), 'NO-GO 0/12'],
  ['J11', 'J11-junit.xml', report(0), 'GO 26/26'],
  ['J12', 'J12-junit.xml', report(1), 'NO-GO 105/182'],
  [
    'O02',
    'O02-staging_validation_results.json',
    report(0),
    'INVALID 0/1: unreadable report (unknown-format): the report\'s format is not known: it is JSON with "timestamp", "summary", "results"',
  ],
  [
    'O03',
    'O03-staging_e2e_results_20250828_061738.json',
    report(1),
    'INVALID 0/1: unreadable report (unknown-format): the report\'s format is not known: it is JSON with "test_run", "test_results"',
  ],
  [
    'O05',
    'O05-cypress-results.json',
    report(1),
    'INVALID 0/1: unreadable report (unknown-format): the report\'s format is not known: it is JSON with "success", "error", "service_status", "docker_info"',
  ],
  [
    'O06',
    'O06-FAKE_TEST_ANALYSIS_REPORT.json',
    report(0),
    'INVALID 0/1: unreadable report (unknown-format): the report\'s format is not known: it is JSON with "timestamp", "summary", "files"',
  ],
];

test.skipIf(existsSync(folder))('the real runs are not there: nothing was checked', () => {
  expect(existsSync(folder)).toBe(false);
});

test.skipIf(!existsSync(folder)).each(cases)('%s (%s)', async (_, file, attempt, says) => {
  const said = await judged(attempt(fileOf(file)));
  expect(said).toBe(says);
});

/** Through the doors of a suite's attempt: `verdict passed/selected: reasons; thin: warnings`. */
async function judged({ exit, report: content, console: output, rules = {} }: Attempt): Promise<string> {
  const attempt = mkdtempSync(join(tmpdir(), 'loop-real-run-'));
  try {
    writeFileSync(join(attempt, 'report'), content);
    const startedAt = new Date(Date.now() - 60_000);
    const { problem, doubts, ...read } = await readSuiteReport({
      ...{
        folder: attempt,
        patterns: ['report'],
        root: attempt,
        startedAt,
        output,
        testsFloor: 1,
        stopped: null,
        narrowedTo: null,
      },
      redact: (text) => text,
    });
    const end =
      exit === null ? ({ how: 'timeout', exitCode: null } as const) : ({ how: 'exited', exitCode: exit } as const);
    const { verdict, invalidBecause, warnings } = judgeSuite(
      { ...read, ...end, message: null, reportProblem: problem, reportDoubts: doubts, seen: null, seenProblem: null },
      { testsMin: 1, skippedMaxPermille: 200, evidence: 'none', thresholdPermille: 800, rules },
    );
    const reasons = [...invalidBecause, ...warnings.map((warning) => `thin: ${warning}`)].join('; ');
    const { passed, selected } = read.counts;
    return `${verdict} ${passed}/${selected}${reasons === '' ? '' : `: ${reasons}`}`;
  } finally {
    rmSync(attempt, { recursive: true, force: true });
  }
}
