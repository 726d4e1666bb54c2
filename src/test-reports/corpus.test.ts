import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ReportReading } from '../core/test-report.ts';
import { readReportFiles } from './index.ts';

// Reports that other people's tools are tested with, and what those tools read in them. They do not travel with the project.
const corpora = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'shared', 'corpora');

interface Entry {
  readonly file: string;
  readonly format: string;
  readonly expected: Partial<Record<'tests' | 'passed' | 'failed' | 'errors' | 'skipped', number | null>> | null;
  readonly structural?: { readonly root: string | null };
}

/** Where we read something else than the oracle, and why we stand by it. */
const choices: Record<string, string> = {
  'mikepenz/test_results/flaky_retries/flaky_all_failures.xml': 'three tests of one name are three tests, not attempts',
  'mikepenz/test_results/flaky_retries/flaky_success_first.xml':
    'three tests of one name are three tests, not attempts',
  'mikepenz/test_results/flaky_retries/flaky_with_classname_file.xml': 'tests of one name are tests, not attempts',
  'mikepenz/test_results/junit-web-test/expected.xml': '"<" inside an attribute is not XML: refused',
  'mikepenz/test_results/junit-web-test/expectedRetries.xml': '"<" inside an attribute is not XML: refused',
  'codecov/tests/warnings-junit.xml': 'the oracle drops tests with long names; we keep both',
  'codecov/tests/windows.junit.xml': 'it begins in the middle of an error message and is no report: refused',
};

test('reports of other tools: agreement, or a named choice; never green where the oracle saw red', async () => {
  const folder = join(corpora, 'test-reports');
  if (!existsSync(folder)) return say('corpora/test-reports is not there: nothing was checked');
  const entries = (JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Entry[]).filter(isJUnit);
  const different: string[] = [];
  const falseGreen: string[] = [];
  for (const entry of entries) {
    const reading = await readReportFiles([entry.file], { folder, root: folder });
    if (!agrees(entry, reading)) different.push(entry.file);
    if ((entry.expected?.failed ?? 0) + (entry.expected?.errors ?? 0) > 0 && isGreen(reading))
      falseGreen.push(entry.file);
  }
  const withTotals = entries.filter(hasTotals).length;
  say(
    `corpora/test-reports: ${withTotals - different.length} of ${withTotals} agree, ${different.length} named choices`,
  );
  expect(falseGreen).toEqual([]);
  expect(different.toSorted()).toEqual(Object.keys(choices).toSorted());
});

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

function isJUnit(entry: Entry): boolean {
  return /junit|xunit$/.test(entry.format) || ['testsuites', 'testsuite'].includes(entry.structural?.root ?? '');
}

function hasTotals({ expected }: Entry): boolean {
  return Object.values(expected ?? {}).some((count) => count !== null);
}

/** Oracles that know no errors count them as failed. A figure that an oracle does not state is not compared. */
function agrees(entry: Entry, reading: ReportReading): boolean {
  const { expected } = entry;
  if (expected === null || !hasTotals(entry)) return true;
  const { tests, passed, failed, errored, skipped } = reading.report.totals;
  const seen = { tests, passed, failed: expected.errors == null ? failed + errored : failed, errors: errored, skipped };
  const names = ['tests', 'passed', 'failed', 'errors', 'skipped'] as const;
  return reading.ok && names.every((name) => expected[name] == null || expected[name] === seen[name]);
}

function isGreen(reading: ReportReading): boolean {
  return reading.ok && reading.report.totals.failed + reading.report.totals.errored === 0;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
