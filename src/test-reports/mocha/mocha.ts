import type { TestAttempt, TestOutcome } from '../../core/test-report.ts';
import type { CaseBook, DraftTest } from '../case-book.ts';
import { jsonHead } from '../json/json-head.ts';
import { asCount, asNumber, asObject, asText, isObject, type JsonObject } from '../json/json-value.ts';
import { type JsonReader, jsonFormat } from '../json/read-json.ts';
import type { ReportFormat } from '../report-format.ts';

/** mocha's JSON reporter. A test that stands in no list of outcomes was running when the run ended. */
export const mocha: ReportFormat = {
  name: 'mocha',
  detect: (head) => {
    const keys = jsonHead(head);
    return keys.has('stats.passes') && !keys.has('results[') && !keys.has('meta');
  },
  read: jsonFormat(makeReader),
};

const lists = new Map<string | number | undefined, TestOutcome>([
  ['passes', 'passed'],
  ['failures', 'failed'],
  ['pending', 'skipped'],
]);

function makeReader(book: CaseBook): JsonReader {
  // Tests without an outcome yet, by title and file; `tests` comes before the lists of outcomes.
  const open = new Map<string, JsonObject[]>();
  return {
    choose: (path) => {
      if (path.length === 0) return 'enter';
      if (path[0] === 'stats') return 'take';
      if (path[0] !== 'tests' && !lists.has(path[0])) return 'skip';
      return path.length === 1 ? 'enter' : 'take';
    },
    take: (path, value) => {
      const test = isObject(value) ? value : {};
      const outcome = lists.get(path[0]);
      if (path[0] === 'stats') declare(book, test);
      else if (outcome === undefined) open.set(keyOf(test), [...(open.get(keyOf(test)) ?? []), test]);
      else {
        open.get(keyOf(test))?.pop();
        book.add(draftOf(test, outcome));
      }
    },
    end: () => {
      for (const test of [...open.values()].flat()) book.add(draftOf(test, statedOutcome(test)));
    },
    abandon: () => {
      const red = [...open.values()].flat().filter((test) => statedOutcome(test) === 'failed');
      for (const test of red) book.add(draftOf(test, 'failed'));
    },
  };
}

function keyOf(test: JsonObject): string {
  return `${asText(test.fullTitle) ?? ''}\n${asText(test.file) ?? ''}`;
}

/** Hooks that fail are failures for mocha, and no tests. */
function declare(book: CaseBook, stats: JsonObject): void {
  const [tests, failed, skipped] = [asCount(stats.tests), asCount(stats.failures), asCount(stats.pending)];
  if (tests === undefined || failed === undefined) return;
  book.declare({ ...(skipped === undefined ? {} : { skipped }), failed });
}

function statedOutcome(test: JsonObject): TestOutcome {
  if (Object.keys(asObject(test.err)).length > 0 || test.state === 'failed') return 'failed';
  if (test.state === 'passed') return 'passed';
  return test.state === 'pending' || test.pending === true ? 'skipped' : 'errored';
}

function draftOf(test: JsonObject, outcome: TestOutcome): DraftTest {
  const title = asText(test.title) ?? '';
  const full = asText(test.fullTitle) ?? title;
  const err = asObject(test.err);
  const message = asText(err.message);
  const hook = /^"(?:before|after)(?: all| each)?" hook/.test(title) && outcome === 'failed';
  const told = hook ? 'errored' : outcome;
  return {
    suite: [full.endsWith(title) ? full.slice(0, full.length - title.length).trim() : full],
    name: title,
    outcome: told,
    durationMs: asNumber(test.duration),
    file: asText(test.file),
    message: message ?? (told === 'errored' ? 'the report tells no outcome of this test' : undefined),
    failureType: told === 'passed' ? undefined : (asText(err.code) ?? asText(err.name)),
    stack: asText(err.stack),
    attempts: attemptsOf(test, told),
  };
}

const attemptsMax = 100;

/** mocha tells how often it tried again, and only of the last time how it went: the others must have failed. */
function attemptsOf(test: JsonObject, outcome: TestOutcome): readonly TestAttempt[] | undefined {
  const before = Math.min(asCount(test.currentRetry) ?? 0, attemptsMax);
  if (before === 0 || outcome === 'skipped') return undefined;
  return [...Array.from({ length: before }, (): TestAttempt => ({ outcome: 'failed' })), { outcome }];
}
