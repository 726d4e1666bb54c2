import { z } from 'zod';
import { spreadOf } from '../percentiles.ts';
import type { TestCase, TestList } from '../test-report.ts';
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
  /** Milliseconds of the tests that ran. */
  durations: z.object({ p50: z.number(), p95: z.number(), n: z.int() }).nullable().optional(),
  /** Numbers that tests wrote into their report, by the property's name. */
  properties: z.array(z.object({ name: z.string(), largest: z.number(), n: z.int() })).optional(),
});
export type SuiteSigns = z.infer<typeof SuiteSigns>;

const hostsMax = 20;
const propertiesMax = 50;
const reasonsMax = 5;
const reasonCharsMax = 120;
const lineCharsMax = 4_000;

/** Reads the signs from a console's text and from what the report holds. `redact` takes secrets out before anything is cut. */
export function suiteSigns(console: string, tests: TestList, redact: (text: string) => string): SuiteSigns {
  const book = {
    names: [] as string[],
    durations: [] as number[],
    reasons: new Map(),
    numbers: new Map(),
  } satisfies Book;
  for (const test of tests) note(test, book, redact);
  const texts = textSigns();
  consoleLines(console, book.names, texts.look);
  messages(tests, texts.look);
  return {
    ...texts.found(),
    warnings: warningsIn(console),
    timed: book.durations.length,
    instant: book.durations.filter((ms) => ms < 1).length,
    skipReasons: mostGiven(book.reasons),
    durations: spreadOf(book.durations),
    properties: [...book.numbers.values()],
  };
}

/** What is gathered in one walk over the tests: a large report makes each anew for every walk. */
interface Book {
  /** That hold a marker's words. */
  readonly names: string[];
  readonly durations: number[];
  readonly reasons: Map<string, number>;
  readonly numbers: Map<string, { name: string; largest: number; n: number }>;
}

function note(test: TestCase, book: Book, redact: (text: string) => string): void {
  if (consoleMarkers.some(({ pattern }) => pattern.test(test.name))) book.names.push(test.name);
  if (test.outcome !== 'skipped' && test.durationMs !== null) book.durations.push(test.durationMs);
  if (test.outcome === 'skipped') noteReason(test, book, redact);
  for (const property of test.properties) noteNumber(property, book);
}

type Look = (text: string, where: string) => void;

/** Names of tests are not output: a test may be about a bypass, or about a mock, and be honest. */
function consoleLines(console: string, names: readonly string[], look: Look): void {
  for (const [index, line] of console.split('\n').entries()) {
    const text = names.reduce((left, name) => left.replaceAll(name, ' '), line.slice(0, lineCharsMax));
    look(text, `console line ${index + 1}`);
  }
}

/** Runners with a report of their own may print nothing: what a test wrote is in there. */
function messages(tests: TestList, look: Look): void {
  let number = 0;
  for (const { message, stdout, stderr } of tests) {
    number += 1;
    for (const text of [message, stdout, stderr]) {
      if (!text) continue;
      for (const line of text.split('\n')) {
        if (line !== '') look(line.slice(0, lineCharsMax), `test ${number} of the report`);
      }
    }
  }
}

/** Hosts and markers in the lines that are shown to it. */
function textSigns(): { look: Look; found(): Pick<SuiteSigns, 'hosts' | 'markers'> } {
  const hosts = new Map<string, { host: string; times: number; where: string }>();
  const markers = new Map<string, SuiteSigns['markers'][number]>();
  const look: Look = (text, where) => {
    for (const host of hostsIn(text)) {
      const known = hosts.get(host);
      if (known) known.times += 1;
      else if (hosts.size < hostsMax) hosts.set(host, { host, times: 1, where });
    }
    for (const { marker, pattern } of consoleMarkers) {
      const [match] = pattern.exec(text) ?? [];
      if (match === undefined) continue;
      const known = markers.get(marker);
      if (known) known.times += 1;
      else markers.set(marker, { marker, text: match, times: 1, where });
    }
  };
  const found = () => ({
    hosts: [...hosts.values()],
    markers: consoleMarkers.flatMap(({ marker }) => markers.get(marker) ?? []),
  });
  return { look, found };
}

/** `19 passed, 39 warnings in 0.21s`: the last one counts, earlier lines may quote another run. */
function warningsIn(console: string): number | null {
  const found = [...console.matchAll(/\b(?:passed|failed|errors?|skipped)\b[^\n]{0,80}?\b(\d{1,7}) warnings?\b/g)].at(
    -1,
  );
  return found ? Number(found[1]) : null;
}

function noteReason(test: TestCase, { reasons }: Book, redact: (text: string) => string): void {
  const text = redact(test.message ?? '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const reason = text.slice(0, reasonCharsMax) || 'no reason given';
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
}

function mostGiven(reasons: ReadonlyMap<string, number>): SuiteSigns['skipReasons'] {
  return [...reasons]
    .map(([reason, number]) => ({ reason, tests: number }))
    .toSorted((left, right) => right.tests - left.tests)
    .slice(0, reasonsMax);
}

function noteNumber({ name, value }: TestCase['properties'][number], { numbers }: Book): void {
  if (!/^-?\d+(\.\d+)?$/.test(value.trim())) return;
  const known = numbers.get(name);
  const number = Number(value);
  if (known) numbers.set(name, { name, largest: Math.max(known.largest, number), n: known.n + 1 });
  else if (numbers.size < propertiesMax) numbers.set(name, { name, largest: number, n: 1 });
}
