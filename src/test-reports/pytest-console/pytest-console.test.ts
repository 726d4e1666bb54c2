import { expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';

const begin = '===== test session starts =====\ncollected 3 items\n\n';

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
    ['errored a.py'],
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
