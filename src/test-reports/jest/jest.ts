import type { TestAttempt, TestOutcome } from '../../core/test-report.ts';
import type { CaseBook, DraftTest } from '../case-book.ts';
import { jsonHead } from '../json/json-head.ts';
import {
  asCount,
  asList,
  asNumber,
  asObject,
  asObjects,
  asText,
  isObject,
  type JsonObject,
} from '../json/json-value.ts';
import { type JsonReader, jsonFormat } from '../json/read-json.ts';
import type { ReadOptions, ReportFormat } from '../report-format.ts';
import { fileTitle } from '../report-paths.ts';

/** `jest --json` and vitest's JSON reporter, which share one shape. A file that failed to run is one errored test. */
export const jest: ReportFormat = {
  name: 'jest',
  detect: (head) => {
    const keys = jsonHead(head);
    return keys.has('numTotalTests') || keys.has('numFailedTestSuites') || keys.has('testResults.[].assertionResults');
  },
  read: jsonFormat(makeReader),
};

const drop = new Set(['coverage', 'failureDetails', 'perfStats', 'snapshot', 'openHandles', 'console']);
const figures = ['numTotalTests', 'numFailedTests', 'numPendingTests', 'numTodoTests', 'success'];

function makeReader(book: CaseBook, { root }: ReadOptions): JsonReader {
  const said = new Map<string, unknown>();
  let brokenFiles = 0;
  return {
    drop,
    choose: (path) => {
      if (path.length === 0 || (path.length === 1 && path[0] === 'testResults')) return 'enter';
      if (path.length === 1) return figures.includes(String(path[0])) ? 'take' : 'skip';
      return path.length === 2 && path[0] === 'testResults' ? 'take' : 'skip';
    },
    take: (path, value) => {
      if (path[0] !== 'testResults') said.set(String(path[0]), value);
      else if (addFile(book, isObject(value) ? value : {}, root)) brokenFiles += 1;
    },
    end: () => {
      const count = (name: string): number => asCount(asNumber(said.get(name) as number)) ?? 0;
      if (!said.has('numTotalTests')) return;
      const skipped = count('numPendingTests') + count('numTodoTests');
      book.declare({
        tests: count('numTotalTests') + brokenFiles,
        failed: count('numFailedTests'),
        errored: brokenFiles,
        skipped,
      });
      const { failed, errored } = book.totals();
      if (said.get('success') !== false || failed + errored > 0) return;
      book.add({
        suite: [],
        name: '(the run itself)',
        outcome: 'errored',
        message: 'the runner says that the run failed, but no test did',
      });
    },
  };
}

/** Whether the file failed as a whole: it did not load, or broke outside of its tests. */
function addFile(book: CaseBook, file: JsonObject, root: string): boolean {
  const name = asText(file.name) ?? asText(file.testFilePath) ?? '';
  const tests = asObjects(file.assertionResults ?? file.testResults);
  for (const test of tests) book.add(draftOf(test, name, root));
  const failed = tests.some((test) => outcomeOf(test) === 'failed');
  if (file.status !== 'failed' || failed) return false;
  const message = asText(file.message) ?? asText(file.failureMessage);
  book.add({
    suite: [fileTitle(name, root)],
    name: '(the file itself)',
    outcome: 'errored',
    file: name,
    message: message === undefined || message === '' ? 'the file failed outside of its tests' : summaryOf(message),
    stack: message,
  });
  return true;
}

function draftOf(test: JsonObject, file: string, root: string): DraftTest {
  const outcome = outcomeOf(test);
  const messages = asList(test.failureMessages).filter((text) => typeof text === 'string');
  const message = messages.length === 0 ? undefined : summaryOf(messages[0] ?? '');
  const red = outcome === 'failed' || outcome === 'errored';
  return {
    suite: [fileTitle(file, root), ...asList(test.ancestorTitles).filter((title) => typeof title === 'string')],
    name: asText(test.title) ?? asText(test.fullName) ?? '',
    outcome,
    durationMs: asNumber(test.duration),
    file,
    line: asCount(asObject(test.location).line),
    message: red ? (message ?? `status ${asText(test.status) ?? 'missing'}`) : undefined,
    stack: messages.join('\n\n') || undefined,
    attempts: attemptsOf(test, outcome, message),
  };
}

const outcomes = new Map<string | undefined, TestOutcome>([
  ['passed', 'passed'],
  ['focused', 'passed'],
  ['failed', 'failed'],
  ['pending', 'skipped'],
  ['skipped', 'skipped'],
  ['disabled', 'skipped'],
  ['todo', 'skipped'],
]);

function outcomeOf(test: JsonObject): TestOutcome {
  return outcomes.get(asText(test.status)) ?? 'errored';
}

const attemptsMax = 100;

function attemptsOf(
  test: JsonObject,
  outcome: TestOutcome,
  message: string | undefined,
): readonly TestAttempt[] | undefined {
  const reasons = asList(test.retryReasons).filter((text) => typeof text === 'string');
  const before = Math.min(Math.max(reasons.length, (asCount(test.invocations) ?? 1) - 1), attemptsMax);
  if (before === 0 || outcome === 'skipped') return undefined;
  const red = Array.from({ length: before }, (_, at): TestAttempt => {
    const reason = reasons[at];
    return { outcome: 'failed', ...(reason === undefined ? {} : { message: summaryOf(reason) }) };
  });
  return [...red, { outcome, ...(message === undefined ? {} : { message }) }];
}

/** What stands before the stack. */
function summaryOf(message: string): string {
  const at = message.search(/\n\s+at /);
  return at === -1 ? message : message.slice(0, at);
}
