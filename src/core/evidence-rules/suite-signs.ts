import { z } from 'zod';
import { spreadOf } from '../percentiles.ts';
import { attemptVector, type TestCase, type TestList } from '../test-report.ts';
import { textSigns } from './text-signs.ts';

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

const propertiesMax = 50;
const reasonsMax = 5;
const retriedMax = 20;
const reasonCharsMax = 120;

/** Reads the signs from a console's text and from what the report holds. `redact` takes secrets out before anything is cut. */
export function suiteSigns(console: string, tests: TestList, redact: (text: string) => string): SuiteSigns {
  const book: Book = { durations: [], reasons: new Map(), retried: { tests: 0, first: [] }, numbers: new Map() };
  for (const test of tests) note(test, book, redact);
  return {
    ...textSigns(console, tests),
    warnings: warningsIn(console),
    timed: book.durations.length,
    instant: book.durations.filter((ms) => ms < 1).length,
    skipReasons: mostGiven(book.reasons),
    retried: book.retried,
    durations: spreadOf(book.durations),
    properties: [...book.numbers.values()],
  };
}

/** What is gathered in one walk over the tests: a large report makes each anew for every walk. */
interface Book {
  readonly durations: number[];
  readonly reasons: Map<string, number>;
  readonly retried: NonNullable<SuiteSigns['retried']>;
  readonly numbers: Map<string, { name: string; largest: number; n: number }>;
}

function note(test: TestCase, book: Book, redact: (text: string) => string): void {
  if (test.outcome !== 'skipped' && test.durationMs !== null) book.durations.push(test.durationMs);
  if (test.outcome === 'skipped') noteReason(test, book, redact);
  if (test.outcome === 'passed') noteRetried(test, book, redact);
  for (const property of test.properties) noteNumber(property, book);
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

function noteRetried(test: TestCase, { retried }: Book, redact: (text: string) => string): void {
  if (test.attempts.every(({ outcome }) => outcome === 'passed')) return;
  retried.tests += 1;
  if (retried.first.length === retriedMax) return;
  retried.first.push({ test: redact(test.id).slice(0, reasonCharsMax), attempts: attemptVector(test) });
}

function noteNumber({ name, value }: TestCase['properties'][number], { numbers }: Book): void {
  if (!/^-?\d+(\.\d+)?$/.test(value.trim())) return;
  const known = numbers.get(name);
  const number = Number(value);
  if (known) numbers.set(name, { name, largest: Math.max(known.largest, number), n: known.n + 1 });
  else if (numbers.size < propertiesMax) numbers.set(name, { name, largest: number, n: 1 });
}
