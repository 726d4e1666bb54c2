import { describe, expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';

const stories: [string, string, string[]][] = [
  ['passes', '=== RUN   TestA\n--- PASS: TestA (0.10s)\nPASS\nok  \ta/b\t0.1s\n', ['passed a/b > TestA']],
  [
    'fails',
    '=== RUN   TestA\n    x_test.go:6: want 1\n--- FAIL: TestA (0.10s)\nFAIL\nexit status 1\nFAIL\ta/b\t0.1s\n',
    ['failed a/b > TestA'],
  ],
  [
    'a build that failed',
    '# a/c\nx.go:5: undefined: y\nFAIL\ta/c [build failed]\nFAIL\n',
    ['errored a/c > (the package itself)'],
  ],
  [
    'a killed run names the test that ran',
    '=== RUN   TestA\n--- PASS: TestA (0.10s)\n=== RUN   TestB\n',
    ['passed TestA', 'errored TestB', 'doubt killed-run'],
  ],
  ['a panic', '=== RUN   TestA\npanic: boom\nFAIL\ta/b\t0.1s\n', ['failed a/b > TestA']],
  ['a test binary by itself', '=== RUN   TestA\n--- PASS: TestA (0.10s)\nPASS\n', ['passed TestA']],
  [
    'output without a line end',
    '=== RUN   TestA\ntext--- FAIL: TestA (0.10s)\nFAIL\nFAIL\ta\t0.1s\n',
    ['failed a > TestA'],
  ],
  ['no tests', 'testing: warning: no tests to run\nPASS\nok  \ta/b\t0.1s\n', []],
  ['benchmarks', 'BenchmarkA-8   \t100\t 0.26 ns/op\nPASS\nok  \ta/b\t0.1s\n', ['passed a/b > BenchmarkA-8']],
];

describe('go test, printed', () => {
  test.each(stories)('%s', async (_, text, expected) => {
    expect(shown(await readSample(text))).toEqual(['go-test-text', ...expected]);
    expect(shown(await readSample(text.replaceAll('\n', '\r\n'), { step: 5 }))).toEqual(['go-test-text', ...expected]);
  });
});
