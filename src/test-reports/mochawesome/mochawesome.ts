import type { TestOutcome } from '../../core/test-report.ts';
import type { CaseBook } from '../case-book.ts';
import { jsonHead } from '../json/json-head.ts';
import type { JsonPath } from '../json/json-picker.ts';
import { asCount, asNumber, asObject, asText, isObject, type JsonObject } from '../json/json-value.ts';
import { type JsonReader, jsonFormat } from '../json/read-json.ts';
import type { ReportFormat } from '../report-format.ts';

/** mochawesome's JSON, as Cypress projects use it. */
export const mochawesome: ReportFormat = {
  name: 'mochawesome',
  detect: (head) => {
    const keys = jsonHead(head);
    return keys.has('stats.passes') && (keys.has('results[') || keys.has('meta'));
  },
  read: jsonFormat(makeReader),
};

const nested = new Set<string | number | undefined>(['results', 'suites', 'tests', 'beforeHooks', 'afterHooks']);

function makeReader(book: CaseBook): JsonReader {
  const titles: string[] = [];
  return {
    drop: new Set(['context', 'code']),
    choose: (path) => {
      const last = path.at(-1);
      if (path.length === 0) return 'enter';
      if (path[0] === 'stats') return 'take';
      if (path[0] !== 'results') return 'skip';
      if (nested.has(last)) return 'enter';
      if (typeof last === 'number') return isSuite(path) ? 'enter' : 'take';
      return last === 'title' || last === 'file' ? 'take' : 'skip';
    },
    take: (path, value) => {
      if (path[0] === 'stats') return declare(book, asObject(value));
      if (path.at(-1) === 'title') titles[depthOf(path)] = asText(value) ?? '';
      if (typeof path.at(-1) !== 'number') return;
      addTest(book, isObject(value) ? value : {}, titles.slice(1, depthOf(path) + 1), path.at(-2) !== 'tests');
    },
    leave: (path) => {
      if (typeof path.at(-1) === 'number' && isSuite(path)) titles.length = depthOf(path);
    },
  };
}

function isSuite(path: JsonPath): boolean {
  return path.at(-2) === 'results' || path.at(-2) === 'suites';
}

function depthOf(path: JsonPath): number {
  return path.filter((part) => part === 'suites' || part === 'results').length;
}

function declare(book: CaseBook, stats: JsonObject): void {
  const failed = asCount(stats.failures);
  if (failed !== undefined) book.declare({ failed });
}

/** A hook is told only where it failed. */
function addTest(book: CaseBook, test: JsonObject, suite: readonly string[], hook: boolean): void {
  const outcome = outcomeOf(test);
  if (hook && outcome !== 'failed') return;
  const err = asObject(test.err);
  book.add({
    suite: suite.filter((title) => title !== ''),
    name: asText(test.title) ?? '',
    outcome: hook ? 'errored' : outcome,
    durationMs: asNumber(test.duration),
    message: asText(err.message) ?? (outcome === 'errored' ? 'the report tells no outcome of this test' : undefined),
    stack: asText(err.estack),
  });
}

/** `skipped`: a hook failed before it, so it never ran. */
function outcomeOf(test: JsonObject): TestOutcome {
  if (test.fail === true || test.state === 'failed') return 'failed';
  if (test.pass === true || test.state === 'passed') return 'passed';
  return test.pending === true || test.skipped === true || test.state === 'pending' ? 'skipped' : 'errored';
}
