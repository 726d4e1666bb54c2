import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ReportReading } from '../core/test-report.ts';
import { readReportFiles } from './index.ts';

// Reports that other people's tools are tested with, and what those tools read in them. They do not travel with the project.
const corpora = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'shared', 'corpora');

type Figure = 'tests' | 'passed' | 'failed' | 'errors' | 'skipped';

interface Entry {
  readonly file: string;
  readonly format: string;
  readonly expected: Partial<Record<Figure, number | null>> | null;
  readonly expect_error?: string | boolean;
  /** Told beside the totals: CTRF's two other outcomes, Playwright's errors outside of tests. */
  readonly pending?: number;
  readonly other?: number;
  readonly global_errors?: number;
}

/** Where we read something else than the oracle, and why we stand by it. */
const choices: Record<string, string> = {
  'mikepenz/test_results/flaky_retries/flaky_success_first.xml':
    'a pass and then two red ones: nobody repeats what passed, so that red stays red',
  'codecov/tests/warnings-junit.xml': 'the oracle drops tests with long names; we keep both',
  'codecov/tests/windows.junit.xml':
    'it holds the middle of a stack trace and no report: refused, where the oracle says 0 tests',
};

/** Without `retries: same-name`, under which their oracle was run (`check_retries`), tests of one name are tests. */
const readWithRetries: Record<string, string> = {
  'mikepenz/test_results/flaky_retries/flaky_all_failures.xml': 'three red tests instead of one with three attempts',
  'mikepenz/test_results/flaky_retries/flaky_with_classname_file.xml': 'two red tests beside the pass instead of one',
  'mikepenz/test_results/flaky_retries/flaky_success_first.xml': 'red as well, as three tests',
  'mikepenz/test_results/junit-web-test/expectedRetries.xml': 'a red test beside the one that passed, instead of one',
};

/**
 * Where the index gives a file the totals of another one. This one holds no result and says so itself (`total="0"`); its own
 * test in dorny/test-reporter (`produces empty test run result when TestDefinitions is empty`) expects 0 tests.
 */
const corrected: Record<string, Entry['expected']> = {
  'dorny/__tests__/fixtures/empty/dotnet-trx-empty-test-definitions.trx': {
    tests: 0,
    passed: 0,
    failed: 0,
    skipped: 0,
  },
};

/** No reports, though they stand in the folder: schemas, and XML that is another thing. */
const noReports = /^(?:ctrf-schema-tests ctrf\/|junit junit-to-ctrf\/reports\/not-junit\.xml)/;

test('reports of other tools: agreement, or a named choice; never green where the oracle saw red', async () => {
  const folder = join(corpora, 'test-reports');
  if (!existsSync(folder)) return say('corpora/test-reports is not there: nothing was checked');
  const entries = (JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Entry[]).map((entry) => ({
    ...entry,
    expected: corrected[entry.file] ?? entry.expected,
  }));
  const told = {
    different: [] as string[],
    withoutRetries: [] as string[],
    falseGreen: [] as string[],
    unread: [] as string[],
  };
  for (const entry of entries) {
    const plain = await readReportFiles([entry.file], { folder, root: folder });
    const retries = entry.file in readWithRetries ? 'same-name' : undefined;
    const reading = retries ? await readReportFiles([entry.file], { folder, root: folder, retries }) : plain;
    if (differs(entry, plain)) told.withoutRetries.push(entry.file);
    if (differs(entry, reading)) told.different.push(entry.file);
    if ((entry.expected?.failed ?? 0) + (entry.expected?.errors ?? 0) > 0 && (isGreen(plain) || isGreen(reading)))
      told.falseGreen.push(entry.file);
    if (
      !reading.ok &&
      !hasTotals(entry) &&
      entry.expect_error === undefined &&
      !noReports.test(`${entry.format} ${entry.file}`)
    )
      told.unread.push(entry.file);
  }
  sayTable(entries.filter(hasTotals).length, told);
  expect(told.falseGreen).toEqual([]);
  expect(told.unread.toSorted()).toEqual(broken);
  expect(told.different.toSorted()).toEqual(Object.keys(choices).toSorted());
  const named = new Set([...Object.keys(choices), ...Object.keys(readWithRetries)]);
  expect(told.withoutRetries.toSorted()).toEqual([...named].toSorted());
});

function differs(entry: Entry, reading: ReportReading): boolean {
  return hasTotals(entry) ? !agrees(entry, reading) : entry.expect_error !== undefined && reading.ok;
}

/** Without totals in the index, and not to be read: what they are is not well-formed. */
const broken = ['mikepenz/test_results/corrupt-junit/e2e-tests/corrupt/target/sf-reports/TEST-test.CorruptTest.xml'];

function sayTable(all: number, told: { different: readonly string[]; withoutRetries: readonly string[] }): void {
  const rows = told.different.map((file) => `  ${file}: ${choices[file] ?? 'NOT NAMED'}`);
  const [agreeing, plain] = [all - told.different.length, all - told.withoutRetries.length];
  const head = `corpora/test-reports: ${agreeing} of ${all} agree (${plain} without retries: same-name); the others:`;
  say([head, ...rows].join('\n'));
}

test("flakybot's own samples: red and green as it read them", async () => {
  const folder = join(corpora, 'issue-decisions');
  if (!existsSync(folder)) return say('corpora/issue-decisions is not there: nothing was checked');
  const shown: Record<string, string> = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.xml'))) {
    const reading = await readReportFiles([file], { folder, root: folder });
    const { passed, failed, errored } = reading.report.totals;
    shown[file] = reading.ok
      ? `${passed} passed, ${failed + errored} red`
      : (reading.failures[0]?.reason ?? 'no reason');
  }
  expect(shown).toEqual(decisions);
});

/** As in `decisions.json`, but that flakybot takes tests of one name as one (go_failure_group 0/1, ruby_one_failed 8/1). */
const decisions: Record<string, string> = {
  'empty_results.xml': '0 passed, 0 red',
  'go_failure_group.xml': '0 passed, 7 red',
  'go_skip.xml': '1 passed, 0 red',
  'java_one_error.xml': '0 passed, 1 red',
  'java_one_failed.xml': '1 passed, 1 red',
  'java_one_passed.xml': '1 passed, 0 red',
  'many_failed_same_pkg.xml': '3 passed, 2 red',
  'no_tests.xml': '0 passed, 0 red',
  'node_group.xml': '40 passed, 24 red',
  'node_group_pass.xml': '1 passed, 0 red',
  'node_one_failed.xml': '1 passed, 1 red',
  'one_failed.xml': '3 passed, 1 red',
  'passed.xml': '2 passed, 0 red',
  'python_one_error.xml': '0 passed, 1 red',
  'python_one_failed.xml': '0 passed, 1 red',
  'python_one_passed.xml': '1 passed, 0 red',
  'ruby_one_failed.xml': '9 passed, 1 red',
};

test('reports that attack are refused or inert', async () => {
  const folder = join(corpora, 'hostile', 'xml');
  if (!existsSync(folder)) return say('corpora/hostile/xml is not there: nothing was checked');
  const shown: Record<string, string> = {};
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.xml'))) {
    const reading = await readReportFiles([file], { folder, root: folder });
    const { tests, failed, errored } = reading.report.totals;
    shown[file] = reading.ok ? `${tests} tests, ${failed + errored} red` : (reading.failures[0]?.reason ?? 'no reason');
  }
  expect(shown).toMatchObject(hostile);
});

const hostile: Record<string, string> = {
  'billion-laughs-attr.xml': 'doctype',
  'billion-laughs.xml': 'doctype',
  'control-char-ref.xml': 'not-well-formed',
  'deep-nesting-200k.xml': 'too-large',
  'duplicate-attribute.xml': 'not-well-formed',
  'entity-recursion.xml': 'doctype',
  'invalid-utf8.xml': '1 tests, 1 red',
  'latin1.xml': '1 tests, 0 red',
  'lying-totals.xml': '2 tests, 1 red',
  'many-attributes-100k.xml': 'too-large',
  'mismatched-close.xml': 'not-well-formed',
  'names-traversal.xml': '1 tests, 1 red',
  'negative-and-nan-counts.xml': '1 tests, 1 red',
  'nul-bytes.xml': '1 tests, 1 red',
  'proto-pollution.xml': '1 tests, 0 red',
  'quadratic-blowup.xml': 'doctype',
  'truncated-clean-cut.xml': 'truncated',
  'truncated-in-cdata.xml': 'truncated',
  'truncated-in-tag.xml': 'truncated',
  'two-roots.xml': 'two-roots',
  'utf16le-bom.xml': '1 tests, 0 red',
  'utf8-bom.xml': '1 tests, 0 red',
  'xinclude.xml': '1 tests, 1 red',
  'xxe-file.xml': 'doctype',
  'xxe-http.xml': 'doctype',
  'xxe-parameter-dtd.xml': 'doctype',
  'zero-tests.xml': '0 tests, 0 red',
};

function hasTotals({ expected }: Entry): boolean {
  return Object.values(expected ?? {}).some((count) => count !== null);
}

/**
 * The oracles' figures in our words: those that know no errors count them as failed; CTRF tells `pending` and `other` apart
 * from skipped; Playwright's global errors and jest's files that failed to run are told beside the tests, and are tests here.
 * A figure that an oracle does not state is not compared.
 */
function agrees(entry: Entry, reading: ReportReading): boolean {
  const { format, expected, global_errors = 0, other = 0, pending = 0 } = entry;
  if (expected === null) return true;
  const { tests, passed, failed, errored, skipped } = reading.report.totals;
  const beside = global_errors + (format === 'jest-json' ? (expected.errors ?? 0) : 0);
  const apart = other + global_errors;
  const seen = {
    tests: tests - beside,
    passed,
    failed: expected.errors == null ? failed + errored - apart : failed,
    errors: errored,
    skipped: skipped - pending,
  };
  const names = ['tests', 'passed', 'failed', 'errors', 'skipped'] as const;
  return reading.ok && names.every((name) => expected[name] == null || expected[name] === seen[name]);
}

function isGreen(reading: ReportReading): boolean {
  return reading.ok && reading.report.totals.failed + reading.report.totals.errored === 0;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
