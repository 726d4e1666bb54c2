import type { TestAttempt, TestOutcome } from '../../core/test-report.ts';
import type { CaseBook, DraftTest } from '../case-book.ts';
import { jsonHead } from '../json/json-head.ts';
import {
  asCount,
  asLines,
  asList,
  asNumber,
  asObject,
  asObjects,
  asText,
  isObject,
  type JsonObject,
} from '../json/json-value.ts';
import { type JsonReader, jsonFormat } from '../json/read-json.ts';
import { Refusal } from '../refusal.ts';
import type { ReportFormat } from '../report-format.ts';

/** The Common Test Report Format, any version. `pending` is skipped; `other` is no outcome, and red. */
export const ctrf: ReportFormat = {
  name: 'ctrf',
  detect: (head) => {
    const keys = jsonHead(head);
    return keys.has('reportFormat=CTRF') || (keys.has('results{') && keys.has('results.tool') && !keys.has('stats'));
  },
  read: jsonFormat(makeReader),
};

const drop = new Set(['attachments', 'steps', 'screenshot', 'ai', 'insights', 'extra', 'snippet']);

function makeReader(book: CaseBook): JsonReader {
  let sawTests = false;
  return {
    drop,
    choose: (path) => {
      if (path.length === 0 || (path.length === 1 && path[0] === 'results')) return 'enter';
      if (path[0] !== 'results') return 'skip';
      if (path[1] === 'summary') return 'take';
      if (path[1] !== 'tests') return 'skip';
      sawTests = true;
      return path.length === 2 ? 'enter' : 'take';
    },
    take: (path, value) => {
      if (path[1] === 'summary') declare(book, asObject(value));
      else if (path[1] === 'tests' && path.length === 3) addTest(book, isObject(value) ? value : {});
    },
    end: () => {
      if (!sawTests) throw noTests();
    },
  };
}

function declare(book: CaseBook, summary: JsonObject): void {
  const count = (key: string): number => asCount(summary[key]) ?? 0;
  const tests = asCount(summary.tests);
  if (tests === undefined) return;
  book.declare({
    tests,
    failed: count('failed'),
    errored: count('other'),
    skipped: count('skipped') + count('pending'),
  });
}

const outcomes = new Map<string | undefined, TestOutcome>([
  ['passed', 'passed'],
  ['failed', 'failed'],
  ['skipped', 'skipped'],
  ['pending', 'skipped'],
]);

function addTest(book: CaseBook, test: JsonObject): void {
  const status = asText(test.status);
  const outcome = outcomes.get(status) ?? 'errored';
  if (!outcomes.has(status)) {
    const message = `a test has the status ${JSON.stringify(status ?? null).slice(0, 40)}, which is neither passed, failed nor skipped: it counts as red`;
    book.problems.once({ code: 'unknown-outcome', weight: 'note', message });
  }
  book.add({
    suite: suiteOf(test),
    name: asText(test.name) ?? '',
    outcome,
    durationMs: asNumber(test.duration),
    file: asText(test.filePath),
    line: asCount(test.line),
    message: asText(test.message) ?? (outcome === 'errored' ? `status ${status ?? 'missing'}` : undefined),
    failureType: asText(test.rawStatus),
    stack: asText(test.trace),
    stdout: asLines(test.stdout),
    stderr: asLines(test.stderr),
    attempts: attemptsOf(test, outcome),
    properties: Object.entries(asObject(test.parameters)).map(([name, value]) => ({
      name,
      value: asText(value) ?? JSON.stringify(value),
    })),
  });
}

function suiteOf(test: JsonObject): readonly string[] {
  const suite = asText(test.suite);
  return suite === undefined ? asList(test.suite).filter((part) => typeof part === 'string') : [suite];
}

const attemptsMax = 100;

/** Some writers list the deciding attempt too, some only those before it, some only say how many there were. */
function attemptsOf(test: JsonObject, outcome: TestOutcome): DraftTest['attempts'] {
  const retries = Math.min(asCount(test.retries) ?? 0, attemptsMax);
  const listed = asObjects(test.retryAttempts).slice(0, attemptsMax).map(attemptOf);
  const message = asText(test.message);
  const last: TestAttempt = { outcome, ...(message === undefined ? {} : { message }) };
  if (listed.length > 0) {
    const whole = listed.length > retries && listed.at(-1)?.outcome === outcome;
    return whole ? listed : [...listed, last];
  }
  const flaky = test.flaky === true && outcome === 'passed';
  const before = Math.max(retries, flaky ? 1 : 0);
  if (before === 0 || outcome === 'skipped') return undefined;
  return [...Array.from({ length: before }, (): TestAttempt => ({ outcome: 'failed' })), last];
}

function attemptOf(attempt: JsonObject): TestAttempt {
  const message = asText(attempt.message);
  return { outcome: outcomes.get(asText(attempt.status)) ?? 'errored', ...(message === undefined ? {} : { message }) };
}

function noTests(): Refusal {
  const message = 'the report says it is CTRF but has no results.tests';
  return new Refusal({ reason: 'not-well-formed', message, hint: 'see the reporter that wrote it' });
}
