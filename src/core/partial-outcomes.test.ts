import { expect, test } from 'vitest';
import { counts } from './judged-sample.ts';
import { partialOutcomes } from './partial-outcomes.ts';
import type { StreamOutcomes } from './stream-outcomes.ts';
import type { TestCase, TestOutcome } from './test-report.ts';

const outcomes: Record<string, TestOutcome> = { P: 'passed', F: 'failed', E: 'errored', S: 'skipped' };

/** `a:P b:F`; a message after a second colon. */
function tests(text: string): TestCase[] {
  return text
    .split(' ')
    .filter(Boolean)
    .map((word) => {
      const [name = '', outcome = '', message = ''] = word.split(':');
      return {
        id: `s > ${name}`,
        suite: 's',
        className: null,
        name,
        outcome: outcomes[outcome] ?? 'passed',
        message,
        durationMs: null,
        frames: [],
        attempts: [],
        properties: [],
      };
    });
}

function stream(passed: number, red: string[], running: string[] = []): StreamOutcomes {
  const named = (name: string) => ({ id: name, name });
  return {
    runner: 'tap',
    passed,
    skipped: 0,
    failed: red.length,
    errored: 0,
    red: red.map((name) => ({ ...named(name), outcome: 'failed' as const })),
    running: running.map(named),
    last: null,
  };
}

const killed = 'the run was killed while this test ran'.replaceAll(' ', '\u00a0');

// [story, report, stream, floor, counts, red tests of the report that count, red tests from the stream]
test.each<[string, string, StreamOutcomes | null, number, string, string, string]>([
  ['a report, and no stream', 'a:P b:F', null, 4, '1/4 2n', 'b', ''],
  ['what the readers call cut off is not red', `a:P b:F c:E:${killed}`, null, 2, '1/3 1n', 'b', ''],
  ['what became red after the stop is not red', 'a:P b:F c:F', stream(1, ['b'], ['c']), 3, '1/3 1n', 'b', ''],
  ['no report: the stream tells', '', stream(2, ['b'], ['c']), 1, '2/4 1n', '', 'b'],
  ['a report that broke off earlier: the stream tells', 'a:P', stream(1, ['b']), 5, '1/5 3n', '', 'b'],
  ['neither', '', null, 3, '0/3 3n', '', ''],
])('%s', (_story, report, streamed, floor, expected, fromReport, fromStream) => {
  const read = tests(report).map((one) => ({ ...one, message: one.message?.replaceAll('\u00a0', ' ') ?? '' }));
  const told = partialOutcomes(read, streamed, floor);
  const red = read.filter(({ outcome }) => outcome === 'failed' || outcome === 'errored').filter(told.keeps);
  expect(told.counts).toEqual(counts(expected));
  expect([red.map(({ name }) => name).join(), told.fromStream.map(({ id }) => id).join()]).toEqual([
    fromReport,
    fromStream,
  ]);
});
