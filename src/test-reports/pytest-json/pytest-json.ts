import type { TestAttempt } from '../../core/test-report.ts';
import type { CaseBook, DraftTest } from '../case-book.ts';
import { collectionProblem } from '../collection-problem.ts';
import { jsonHead } from '../json/json-head.ts';
import { asCount, asNumber, asObject, asText, isObject, type JsonObject } from '../json/json-value.ts';
import { type JsonReader, jsonFormat } from '../json/read-json.ts';
import type { ReportFormat } from '../report-format.ts';
import { pytestNames, pytestOutcomes } from './pytest-words.ts';

/** The plugin pytest-json-report. Collection errors are errored tests; xfail is skipped, as pytest's JUnit has it. */
export const pytestJson: ReportFormat = {
  name: 'pytest-json',
  detect: (head) => {
    const keys = jsonHead(head);
    return keys.has('exitcode') || (keys.has('environment{') && keys.has('created'));
  },
  read: jsonFormat(makeReader),
};

const drop = new Set(['keywords', 'traceback', 'log', 'metadata', 'environment']);
const phases = ['setup', 'call', 'teardown'] as const;

function makeReader(book: CaseBook): JsonReader {
  const earlier = new Map<string, TestAttempt[]>();
  let exitCode: number | undefined;
  let broken = 0;
  return {
    drop,
    choose: (path) => {
      if (path.length === 0) return 'enter';
      if (path[0] === 'exitcode' || path[0] === 'summary') return 'take';
      if (path[0] !== 'tests' && path[0] !== 'collectors') return 'skip';
      return path.length === 1 ? 'enter' : 'take';
    },
    take: (path, value) => {
      const told = isObject(value) ? value : {};
      if (path[0] === 'exitcode') exitCode = asNumber(value);
      else if (path[0] === 'summary') declare(book, told);
      else if (path[0] === 'collectors') broken += addCollector(book, told);
      else addTest(book, told, earlier);
    },
    end: () => {
      if (broken > 0) book.problems.add(collectionProblem(broken));
      const { failed, errored } = book.totals();
      const why = exitCode === undefined ? undefined : ownEnds.get(exitCode);
      if (why !== undefined && (broken === 0 || exitCode !== interrupted))
        book.problems.add({
          code: 'runner-failed',
          weight: 'doubt',
          message: `pytest ended with exit code ${exitCode}: ${why}`,
        });
      // 5: nothing was collected, which no totals of zero need to be told.
      if (exitCode === undefined || exitCode === 0 || exitCode === 5 || failed + errored > 0) return;
      const message = `pytest ended with exit code ${exitCode}, but no test is red`;
      book.add({ suite: [], name: '(the run itself)', outcome: 'errored', message });
    },
  };
}

function declare(book: CaseBook, summary: JsonObject): void {
  const count = (key: string): number => asCount(summary[key]) ?? 0;
  book.declare({ failed: count('failed'), skipped: count('skipped') + count('xfailed') });
}

/** How many errors of collection it tells: none or one. */
function addCollector(book: CaseBook, collector: JsonObject): 0 | 1 {
  if (collector.outcome !== 'failed') return 0;
  const text = asText(collector.longrepr) ?? '';
  const name = asText(collector.nodeid) ?? '';
  const message = lastError(text) ?? 'collection failed';
  book.add({
    suite: [],
    name: name === '' ? '(collection)' : name,
    outcome: 'errored',
    file: name.split('::')[0],
    message,
    stack: text,
  });
  return 1;
}

const interrupted = 2;
/** The exit codes by which pytest tells of itself and not of tests. */
const ownEnds = new Map([
  [interrupted, 'it was interrupted'],
  [3, 'an internal error of the runner'],
  [4, 'it was called wrongly'],
]);

function addTest(book: CaseBook, test: JsonObject, earlier: Map<string, TestAttempt[]>): void {
  const node = asText(test.nodeid) ?? '';
  const before = earlier.get(node) ?? [];
  const draft = draftOf(test, node);
  const message = draft.message === undefined ? {} : { message: draft.message };
  if (test.outcome === 'rerun') {
    earlier.set(node, [...before, { outcome: 'failed', ...message }]);
    return;
  }
  earlier.delete(node);
  book.add(before.length === 0 ? draft : { ...draft, attempts: [...before, { outcome: draft.outcome, ...message }] });
}

function draftOf(test: JsonObject, node: string): DraftTest {
  const told = phases.map((phase) => asObject(test[phase]));
  const red = told.find((phase) => phase.outcome === 'failed') ?? told.find((phase) => phase.longrepr !== undefined);
  const line = asCount(test.lineno);
  const texts = (key: string): string => told.map((phase) => asText(phase[key]) ?? '').join('');
  const durations = told.map((phase) => asNumber(phase.duration) ?? 0);
  const outcome = pytestOutcomes.get(asText(test.outcome)) ?? 'errored';
  return {
    ...pytestNames(node),
    outcome,
    durationMs: durations.reduce((sum, seconds) => sum + seconds, 0) * 1000,
    line: line === undefined ? undefined : line + 1,
    message:
      asText(asObject(red?.crash).message) ??
      lastError(asText(red?.longrepr) ?? '') ??
      (outcome === 'errored' ? 'the report tells no outcome of this test' : undefined),
    stack: asText(red?.longrepr),
    stdout: texts('stdout'),
    stderr: texts('stderr'),
  };
}

/** pytest marks the lines that say what was wrong with an `E`. */
export function lastError(text: string): string | undefined {
  const marked = /^E {3}\s*(\S.*)$/m.exec(text)?.[1];
  return marked ?? text.trim().split('\n').at(-1)?.trim().slice(0, 2_000) ?? undefined;
}
