import { expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';

const result = (name: string, outcome: string, inside = '', id = name): string =>
  `<UnitTestResult testId="${id}" testName="${name}"${outcome === '' ? '' : ` outcome="${outcome}"`} duration="00:00:01.5">${inside}</UnitTestResult>`;
const report = (results: string, summary = '', definitions = ''): string =>
  `\uFEFF<?xml version="1.0" encoding="utf-8"?>\n<TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>${results}</Results><TestDefinitions>${definitions}</TestDefinitions>${summary}</TestRun>`;
const counters = (total: number, failed: number, outcome = 'Completed', info = ''): string =>
  `<ResultSummary outcome="${outcome}"><Counters total="${total}" failed="${failed}" error="0"/>${info}</ResultSummary>`;
const info = '<RunInfos><RunInfo outcome="Error"><Text>The active test run was aborted.</Text></RunInfo></RunInfos>';

test.each([
  [
    'outcomes',
    report(
      ['Passed', 'Failed', 'NotExecuted', 'Timeout', ''].map((word) => result('t', word)).join(''),
      counters(5, 3),
    ),
    ['passed t', 'failed t #2', 'skipped t #3', 'errored t #4', 'errored t #5'],
  ],
  [
    'a row is a test',
    report(
      `<UnitTestResult testName="t" outcome="Failed"><InnerResults>${result('t (1)', 'Passed')}${result('t (2)', 'Failed')}</InnerResults></UnitTestResult>`,
    ),
    ['passed t (1)', 'failed t (2)'],
  ],
  [
    'classes tell tests apart',
    report(
      result('t', 'Passed', '', 'a') + result('t', 'Passed', '', 'b'),
      '',
      '<UnitTest id="a"><TestMethod className="N.A, Dll"/></UnitTest><UnitTest id="b"><TestMethod className="N.B"/></UnitTest>',
    ),
    ['passed N.A > t', 'passed N.B > t'],
  ],
  [
    'an aborted run is red',
    report(result('t', 'Passed'), counters(1, 0, 'Aborted', info)),
    ['passed t', 'errored (the run itself)'],
  ],
  [
    'failures that are not shown',
    report(result('t', 'Passed'), counters(2, 1)),
    ['passed t', 'doubt totals-hide-failures'],
  ],
  ['nothing ran', report('', counters(0, 0)), []],
  ['cut', report(result('t', 'Failed')).slice(0, -12), ['failed t', 'refused truncated']],
])('TRX: %s', async (_, text, expected) => {
  expect(shown(await readSample(text))).toEqual(['trx', ...expected]);
  expect(shown(await readSample(text, { step: 9 }))).toEqual(['trx', ...expected]);
});

test('TRX tells why, where and how long', async () => {
  const output =
    '<Output><ErrorInfo><Message>no</Message><StackTrace>   at N.A.M(Int32 i) in /app/src/A.cs:line 67</StackTrace></ErrorInfo></Output>';
  const { report: read } = await readSample(report(result('t', 'Failed', output)));
  expect(read.tests.at(0)).toMatchObject({
    message: 'no',
    durationMs: 1500,
    frames: [{ file: 'src/A.cs', line: 67, function: 'N.A.M(Int32 i)' }],
  });
});
