import type { ReportReading } from '../core/test-report.ts';
import { ctrf } from './ctrf/ctrf.ts';
import { cucumber } from './cucumber/cucumber.ts';
import { dart } from './dart/dart.ts';
import { goTestJson } from './go-test-json/go-test-json.ts';
import { goTestText } from './go-test-text/go-test-text.ts';
import { jest } from './jest/jest.ts';
import { junit } from './junit/junit.ts';
import { mocha } from './mocha/mocha.ts';
import { mochawesome } from './mochawesome/mochawesome.ts';
import { nunit } from './nunit/nunit.ts';
import { playwright } from './playwright/playwright.ts';
import { pytestConsole } from './pytest-console/pytest-console.ts';
import { pytestJson } from './pytest-json/pytest-json.ts';
import { pytestReportlog } from './pytest-reportlog/pytest-reportlog.ts';
import { type ReportSource, readFiles, readSources } from './read-report.ts';
import type { ReadOptions, ReportFormat } from './report-format.ts';
import { robot } from './robot/robot.ts';
import { rspec } from './rspec/rspec.ts';
import { tap } from './tap/tap.ts';
import { testng } from './testng/testng.ts';
import { trx } from './trx/trx.ts';
import { xunit } from './xunit/xunit.ts';

/** Every format that loop reads, one line each. The first whose `detect` knows the content reads it: precise ones first. */
export const formats = {
  junit,
  trx,
  nunit,
  xunit,
  testng,
  robot,
  playwright,
  ctrf,
  jest,
  'pytest-json': pytestJson,
  mocha,
  mochawesome,
  rspec,
  cucumber,
  'pytest-reportlog': pytestReportlog,
  dart,
  'go-test-json': goTestJson,
  'pytest-console': pytestConsole,
  'go-test-text': goTestText,
  tap,
} satisfies Record<string, ReportFormat>;

/** Reads the report files of one suite as one report: regular files inside `folder` only, formats by content. */
export function readReportFiles(
  files: readonly string[],
  options: ReadOptions & { readonly folder: string },
): Promise<ReportReading> {
  return readFiles(files, Object.values(formats), options);
}

/** The same for bytes that come from elsewhere. */
export function readReport(sources: readonly ReportSource[], options: ReadOptions): Promise<ReportReading> {
  return readSources(sources, Object.values(formats), options);
}
