import type { TestOutcome } from '../../core/test-report.ts';
import type { CaseBook } from '../case-book.ts';
import { jsonHead } from '../json/json-head.ts';
import { asCount, asLines, asNumber, asObject, asText, isObject, type JsonObject } from '../json/json-value.ts';
import { type JsonReader, jsonFormat } from '../json/read-json.ts';
import type { ReportFormat } from '../report-format.ts';

/** RSpec's JSON formatter. */
export const rspec: ReportFormat = {
  name: 'rspec',
  detect: (head) => {
    const keys = jsonHead(head);
    return keys.has('examples[') && (keys.has('version') || keys.has('summary{'));
  },
  read: jsonFormat(makeReader),
};

const outcomes = new Map<string | undefined, TestOutcome>([
  ['passed', 'passed'],
  ['failed', 'failed'],
  ['pending', 'skipped'],
]);

function makeReader(book: CaseBook): JsonReader {
  return {
    choose: (path) => {
      if (path.length === 0 || (path.length === 1 && path[0] === 'examples')) return 'enter';
      return path[0] === 'examples' || path[0] === 'summary' ? 'take' : 'skip';
    },
    take: (path, value) => {
      if (path[0] === 'summary') closeWith(book, asObject(value));
      else if (path.length === 2) addExample(book, isObject(value) ? value : {});
    },
  };
}

function addExample(book: CaseBook, example: JsonObject): void {
  const name = asText(example.description) ?? '';
  const full = asText(example.full_description) ?? name;
  const exception = asObject(example.exception);
  const time = asNumber(example.run_time);
  const outcome = outcomes.get(asText(example.status)) ?? 'errored';
  book.add({
    suite: [full.endsWith(name) ? full.slice(0, full.length - name.length).trim() : full],
    name,
    outcome,
    durationMs: time === undefined ? undefined : time * 1000,
    file: asText(example.file_path),
    line: asCount(example.line_number),
    message:
      asText(exception.message) ??
      asText(example.pending_message) ??
      (outcome === 'errored' ? 'the report tells no outcome of this example' : undefined),
    failureType: asText(exception.class),
    stack: asLines(exception.backtrace),
  });
}

/** Errors outside of examples (a file that does not load) stand only in the summary. */
function closeWith(book: CaseBook, summary: JsonObject): void {
  const outside = Math.min(asCount(summary.errors_outside_of_examples_count) ?? 0, 1_000);
  for (let n = 0; n < outside; n += 1) {
    const message = 'an error occurred outside of examples; see the output of the run';
    book.add({ suite: [], name: '(the run itself)', outcome: 'errored', message });
  }
  const [tests, failed, skipped] = [
    asCount(summary.example_count),
    asCount(summary.failure_count),
    asCount(summary.pending_count),
  ];
  if (tests === undefined || failed === undefined || skipped === undefined) return;
  book.declare({ tests: tests + outside, failed, errored: outside, skipped });
}
