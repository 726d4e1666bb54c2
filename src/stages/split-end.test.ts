import { expect, test } from 'vitest';
import type { CommandEnd } from '../ports/tester.ts';
import { joinedEnd, splitFigures } from './split-end.ts';

/** `from-to rss`, in ms and bytes, with an exit code or how it ended. */
function end(text: string): CommandEnd {
  const [, from = '', to = '', rss = '', how = ''] = /^(\d+)-(\d+) (\S+) (\S+)$/.exec(text) ?? [];
  const code = /^\d+$/.test(how) ? Number(how) : null;
  return {
    ...{ exitCode: code, signal: null, how: code === null ? (how as CommandEnd['how']) : 'exited', message: null },
    ...{ startedAt: new Date(Number(from)).toISOString(), durationMs: Number(to) - Number(from) },
    ...{
      output: new Uint8Array(),
      stdout: new Uint8Array(),
      outputTruncated: false,
      peakRssBytes: rss === '-' ? null : Number(rss),
    },
  };
}

// [pieces, exit code, how, peak memory, makespan, lower bound over 2 workers]
test.each([
  [['0-10 5 0', '0-10 7 0'], 0, 'exited', 12, 10, 10],
  [['0-10 5 0', '10-20 7 1', '20-30 6 2'], 2, 'exited', 7, 30, 15],
  [['0-30 5 0', '0-10 7 0', '12-20 9 0'], 0, 'exited', 14, 30, 30],
  [['0-10 - 0', '0-10 - 1'], 1, 'exited', null, 10, 10],
  [['0-10 5 1', '0-10 5 timeout', '10-10 - timeout'], null, 'timeout', 10, 10, 10],
  [['0-10 5 timeout', '0-9 5 cancelled'], null, 'cancelled', 10, 10, 10],
] as const)('%j', (texts, exitCode, how, peakRssBytes, makespanMs, lowerBoundMs) => {
  const pieces = texts.map((text, n) => ({ item: `p${n}`, n: n + 1, end: end(text) }));
  expect(joinedEnd(pieces, 'id')).toMatchObject({ exitCode, how, peakRssBytes, durationMs: makespanMs });
  expect(splitFigures(pieces, 2)).toEqual({ workers: 2, items: texts.length, makespanMs, lowerBoundMs });
});
