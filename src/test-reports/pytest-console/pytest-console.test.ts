import { expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';
import { reportFacts } from '../report-facts.ts';

const begin = '===== test session starts =====\n';

test.each([
  [
    'verbose',
    `${begin}a.py::T::x PASSED   [ 33%]\na.py::y[1 2] FAILED [ 66%]\na.py::z SKIPPED (no db) [100%]\n== short test summary info ==\nFAILED a.py::y[1 2] - assert 1 == 2\n=== 1 failed, 1 passed, 1 skipped in 0.12s ===\n`,
    ['passed a.py > T > x', 'failed a.py > y[1 2]', 'skipped a.py > z'],
  ],
  [
    'counted only',
    `${begin}a.py .F.   [100%]\n=== short test summary info ===\nFAILED a.py::y - assert 1\n1 failed, 2 passed in 3.10s\n`,
    ['failed a.py > y', 'passed (passed test without a name, 1)', 'passed (passed test without a name, 2)'],
  ],
  [
    'collection errors',
    `${begin}=== ERRORS ===\n=== short test summary info ===\nERROR a.py - ImportError: x\n!!! Interrupted: 1 error during collection !!!\n=== 1 error in 0.1s ===\n`,
    ['errored a.py', 'doubt collection-failed'],
  ],
  [
    'a teardown that broke',
    `${begin}a.py::x PASSED\na.py::x ERROR\n=== 1 passed, 1 error in 0.1s ===\n`,
    ['errored a.py > x'],
  ],
  ['no tests ran', `${begin}=== no tests ran in 0.01s ===\n`, []],
  [
    'distributed',
    `${begin}[gw0] [ 50%] PASSED a.py::x \n[gw1] [100%] FAILED a.py::y \n=== 1 failed, 1 passed in 1.0s ===\n`,
    ['passed a.py > x', 'failed a.py > y'],
  ],
  [
    'a killed run names the test that ran',
    `${begin}a.py::x PASSED [ 50%]\na.py::y `,
    ['passed a.py > x', 'errored a.py > y', 'doubt killed-run'],
  ],
  [
    'two runs in one file',
    `${begin}a.py::x PASSED\n=== 1 passed in 1.0s ===\n${begin}`,
    ['passed a.py > x', 'refused two-roots'],
  ],
])('pytest, printed: %s', async (_, text, expected) => {
  expect(shown(await readSample(text))).toEqual(['pytest-console', ...expected]);
  expect(shown(await readSample(text.replaceAll('\n', '\r\n'), { step: 7 }))).toEqual(['pytest-console', ...expected]);
});

const collected = (text: string) => `${begin}collecting ... ${text}\n`;

// [what happened, the output, what is read, the sentence about the session]
test.each<[string, string, string[], string | undefined]>([
  [
    'hung in collection',
    `${begin}collecting ... `,
    ['doubt killed-run'],
    'the output ends at "collecting ...": pytest hung, or was killed, while it collected its tests',
  ],
  [
    'called wrongly',
    `${collected('ERROR: file or directory not found: glob\n')}collected 0 items\n\n== no tests ran in 0.05s ==\n`,
    ['doubt runner-failed'],
    'pytest stopped: ERROR: file or directory not found: glob',
  ],
  [
    'an internal error',
    `${collected('collected 2 items')}INTERNALERROR> Traceback (most recent call last):\nINTERNALERROR> ValueError: no\n== no tests ran in 0.05s ==\n`,
    ['doubt runner-failed'],
    'pytest stopped: internal error: ValueError: no',
  ],
  [
    'a crash without outcomes',
    `${begin}ValueError: I/O operation on closed file.\ncollected 58 items\n\n=== 6 warnings in 26.91s ===\n`,
    ['doubt runner-failed'],
    'pytest collected 58 tests and tells the outcome of 0: the runner crashed (ValueError: I/O operation on closed file.)',
  ],
  [
    'interrupted by a person',
    `${collected('collected 3 items')}a.py::x PASSED\n!!!!! KeyboardInterrupt !!!!!\n=== 1 passed in 1.0s ===\n`,
    ['passed a.py > x', 'doubt runner-failed'],
    'pytest collected 3 tests and tells the outcome of 1: pytest stopped: KeyboardInterrupt',
  ],
  [
    'files that cannot be collected',
    `${collected('collected 117 items / 2 errors')}=== short test summary info ===\nERROR a.py\nERROR b.py - NameError: x\n!!!! stopping after 2 failures !!!!\n=== 2 errors in 1.5s ===\n`,
    ['errored a.py', 'errored b.py', 'doubt collection-failed'],
    '2 files could not be collected: how many tests are missing is not known; pytest stopped (stopping after 2 failures), so that there may be more of them',
  ],
  [
    'collected only',
    `${collected('collected 2 items')}\n<Module a.py>\n  <Function x>\n  <Coroutine y>\n\n=== 2 tests collected in 0.01s ===\n`,
    ['doubt collect-only'],
    'the output lists 2 collected tests (--collect-only), and none of them ran',
  ],
  [
    'deselected tests are not missing',
    `${collected('collected 9 items / 8 deselected / 1 selected')}a.py::x PASSED\n=== 1 passed, 8 deselected in 1.0s ===\n`,
    ['passed a.py > x'],
    undefined,
  ],
])('pytest, about its session: %s', async (_, text, expected, sentence) => {
  const reading = await readSample(text, { step: 11 });
  expect(shown(reading).slice(1)).toEqual(expected);
  expect(reading.report.problems[0]?.message).toBe(sentence);
});

test('told to stop at its first failures: what did not run stays in the denominator', async () => {
  const text = `${collected('collected 215 items')}a.py .F\n!!!! stopping after 1 failures !!!!\n=== 1 failed, 51 passed in 1.0s ===\n`;
  const reading = await readSample(text);
  expect(reading.report).toMatchObject({ totals: { tests: 52 }, notRun: 163, problems: [] });
  expect(reportFacts(reading, text, 1).counts).toMatchObject({ passed: 51, selected: 215, notRun: 163 });
});

test('reasons of skips stand below, by place', async () => {
  const skipped = 'a.py::x SKIPPED\na.py::y SKIPPED\n=== short test summary info ===\n';
  const end = '=== 2 skipped in 0.9s ===\n';
  const one = await readSample(`${begin}${skipped}SKIPPED [2] conftest.py:181: needs a database\n${end}`);
  expect(one.report.tests.map(({ message }) => message)).toEqual(['needs a database', 'needs a database']);
  const two = await readSample(`${begin}${skipped}SKIPPED [1] a.py:1: no db\nSKIPPED [1] a.py:4: no net\n${end}`);
  expect(two.report.tests.at(0)?.message).toBe('one of 2 reasons: no db | no net');
});
