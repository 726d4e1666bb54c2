import { expect, test } from 'vitest';
import { readSample, shown } from '../../testing/report-sample.ts';

const example = (status: string) => ({
  description: 'adds',
  full_description: 'Cart adds',
  status,
  file_path: './a_spec.rb',
  line_number: 3,
  run_time: 0.1,
});
const report = (examples: unknown[], summary: object) => JSON.stringify({ version: '3.13', examples, summary });

test.each([
  [
    'outcomes',
    report([example('passed'), example('failed'), example('pending')], {
      example_count: 3,
      failure_count: 1,
      pending_count: 1,
      errors_outside_of_examples_count: 0,
    }),
    ['passed Cart > adds', 'failed Cart > adds #2', 'skipped Cart > adds #3'],
  ],
  [
    'files that do not load are red',
    report([], { example_count: 0, failure_count: 0, pending_count: 0, errors_outside_of_examples_count: 1 }),
    ['errored (the run itself)'],
  ],
  ['no outcome is no pass', report([example('')], {}), ['errored Cart > adds']],
])('RSpec JSON: %s', async (_, text, expected) => {
  expect(shown(await readSample(text))).toEqual(['rspec', ...expected]);
});
