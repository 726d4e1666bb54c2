import { z } from 'zod';
import { spreadOf } from '../percentiles.ts';
import { attemptVector, type TestCase } from '../test-report.ts';
import { consoleMarkers } from './console-markers.ts';
import { hostsIn } from './url-hosts.ts';

/** What console and tests of one attempt give away, in figures and fixed words: no text of theirs is in it but skip reasons. */
export const SuiteSigns = z.object({
  hosts: z.array(z.object({ host: z.string(), times: z.int(), where: z.string() })),
  markers: z.array(
    z.object({
      marker: z.enum(['never-awaited', 'mock', 'bypass']),
      text: z.string(),
      times: z.int(),
      where: z.string(),
    }),
  ),
  /** As the runner counts them; null where it does not. */
  warnings: z.int().nullable(),
  /** Tests with a duration, and those of them under a millisecond. */
  timed: z.int(),
  instant: z.int(),
  skipReasons: z.array(z.object({ reason: z.string(), tests: z.int() })),
  /** Passed tests with a red attempt before, as the report has them: how many, and the first of them with their vectors. */
  retried: z
    .object({ tests: z.int(), first: z.array(z.object({ test: z.string(), attempts: z.string() })) })
    .optional(),
  /** Milliseconds of the tests that ran. */
  durations: z.object({ p50: z.number(), p95: z.number(), n: z.int() }).nullable().optional(),
  /** Numbers that tests wrote into their report, by the property's name. */
  properties: z.array(z.object({ name: z.string(), largest: z.number(), n: z.int() })).optional(),
});
export type SuiteSigns = z.infer<typeof SuiteSigns>;

const hostsMax = 20;
const propertiesMax = 50;
const reasonsMax = 5;
const retriedMax = 20;
const reasonCharsMax = 120;
const lineCharsMax = 4_000;
/** A line of source that a runner shows around a failure: `> 12 |   test.skip(…)`. */
const sourceLine = /^\s*>?\s*\d+\s?\|/;

/** Reads the signs from a console's text and from what the report holds. `redact` takes secrets out before anything is cut. */
export function suiteSigns(console: string, tests: readonly TestCase[], redact: (text: string) => string): SuiteSigns {
  const texts = [...consoleLines(console, tests), ...messages(tests)].filter(({ text }) => !sourceLine.test(text));
  const ran = tests.filter((test) => test.outcome !== 'skipped' && test.durationMs !== null);
  return {
    hosts: hostSigns(texts),
    markers: markerSigns(texts),
    warnings: warningsIn(console),
    timed: ran.length,
    instant: ran.filter((test) => (test.durationMs ?? 0) < 1).length,
    skipReasons: skipReasons(tests, redact),
    retried: retriedTests(tests, redact),
    durations: spreadOf(ran.map((test) => test.durationMs ?? 0)),
    properties: numbersIn(tests),
  };
}

interface Text {
  readonly text: string;
  readonly where: string;
}

/**
 * What tests, their groups and their files are called is no output, nor is why one was skipped: that may be about a bypass, or
 * about a mock, and be honest.
 */
function consoleLines(console: string, tests: readonly TestCase[]): Text[] {
  const names = [...new Set(tests.flatMap(wordsAbout))]
    .filter((name) => consoleMarkers.some(({ pattern }) => pattern.test(name)))
    .toSorted((left, right) => right.length - left.length);
  return console.split('\n').map((line, index) => ({
    text: names.reduce((left, name) => left.replaceAll(name, ' '), line.slice(0, lineCharsMax)),
    where: `console line ${index + 1}`,
  }));
}

function wordsAbout(test: TestCase): string[] {
  const called = [test.name, test.suite, test.className ?? '', test.file ?? ''];
  const skipped = test.outcome === 'skipped' && test.message !== undefined ? [test.message] : [];
  return [...called.flatMap((name) => [name, ...name.split(/ [>›] /)]), ...skipped];
}

/** Runners with a report of their own may print nothing: what a test wrote is in there. Why one was skipped is no sign of what others did. */
function messages(tests: readonly TestCase[]): Text[] {
  return tests.flatMap(({ outcome, message, stdout, stderr }, index) =>
    [outcome === 'skipped' ? '' : message, stdout, stderr].flatMap((text) =>
      (text ?? '')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => ({ text: line.slice(0, lineCharsMax), where: `test ${index + 1} of the report` })),
    ),
  );
}

function hostSigns(texts: readonly Text[]): SuiteSigns['hosts'] {
  const found = new Map<string, { host: string; times: number; where: string }>();
  for (const { text, where } of texts) {
    for (const host of hostsIn(text)) {
      const known = found.get(host);
      if (known) known.times += 1;
      else if (found.size < hostsMax) found.set(host, { host, times: 1, where });
    }
  }
  return [...found.values()];
}

function markerSigns(texts: readonly Text[]): SuiteSigns['markers'] {
  return consoleMarkers.flatMap(({ marker, pattern }) => {
    const hits = texts.flatMap(({ text, where }) => {
      const match = pattern.exec(text);
      return match ? [{ text: match[0], where }] : [];
    });
    const [first] = hits;
    return first ? [{ marker, text: first.text, times: hits.length, where: first.where }] : [];
  });
}

/** `19 passed, 39 warnings in 0.21s`: the last one counts, earlier lines may quote another run. */
function warningsIn(console: string): number | null {
  const found = [...console.matchAll(/\b(?:passed|failed|errors?|skipped)\b[^\n]{0,80}?\b(\d{1,7}) warnings?\b/g)].at(
    -1,
  );
  return found ? Number(found[1]) : null;
}

function skipReasons(tests: readonly TestCase[], redact: (text: string) => string): SuiteSigns['skipReasons'] {
  const counts = new Map<string, number>();
  for (const test of tests.filter(({ outcome }) => outcome === 'skipped')) {
    const reason =
      redact(test.message ?? '')
        .replaceAll(/\s+/g, ' ')
        .trim()
        .slice(0, reasonCharsMax) || 'no reason given';
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts]
    .map(([reason, number]) => ({ reason, tests: number }))
    .toSorted((left, right) => right.tests - left.tests)
    .slice(0, reasonsMax);
}

function retriedTests(tests: readonly TestCase[], redact: (text: string) => string): SuiteSigns['retried'] {
  const retried = tests.filter((test) => test.outcome === 'passed' && attemptVector(test).includes('F'));
  return {
    tests: retried.length,
    first: retried
      .slice(0, retriedMax)
      .map((test) => ({ test: redact(test.id).slice(0, reasonCharsMax), attempts: attemptVector(test) })),
  };
}

function numbersIn(tests: readonly TestCase[]): NonNullable<SuiteSigns['properties']> {
  const found = new Map<string, { name: string; largest: number; n: number }>();
  for (const { name, value } of tests.flatMap(({ properties }) => properties)) {
    if (!/^-?\d+(\.\d+)?$/.test(value.trim())) continue;
    const known = found.get(name);
    const number = Number(value);
    if (known) found.set(name, { name, largest: Math.max(known.largest, number), n: known.n + 1 });
    else if (found.size < propertiesMax) found.set(name, { name, largest: number, n: 1 });
  }
  return [...found.values()];
}
