import type { TestOutcome } from '../../core/test-report.ts';
import type { CaseBook } from '../case-book.ts';
import { decodeHead } from '../decode.ts';
import { parseLine } from '../json/json-line.ts';
import { asNumber, asObject, asText, type JsonObject } from '../json/json-value.ts';
import { splitLines } from '../lines.ts';
import { type TextReader, textFormat } from '../read-text.ts';
import { overLimit } from '../refusal.ts';
import type { ReadOptions, ReportFormat } from '../report-format.ts';
import { fileTitle } from '../report-paths.ts';

/** The events of `dart test` and `flutter test` with `--reporter json`. Files that do not load are errored tests. */
export const dart: ReportFormat = {
  name: 'dart',
  detect: (head) =>
    /^\s*\{[^\n]*"protocolVersion"\s*:[^\n]*"type"\s*:\s*"start"|^\s*\{[^\n]*"type"\s*:\s*"start"[^\n]*"protocolVersion"/m.test(
      decodeHead(head),
    ),
  read: textFormat(makeReader),
};

interface RunningTest {
  readonly told: JsonObject;
  readonly startedMs: number;
  error: { message: string; stack: string } | null;
}

function makeReader(book: CaseBook, { root }: ReadOptions): TextReader {
  const suites = new Map<number, string>();
  const running = new Map<number, RunningTest>();
  let done = false;
  const add = (test: RunningTest, outcome: TestOutcome, atMs: number | undefined, why?: string): void => {
    const path = suites.get(asNumber(test.told.suiteID) ?? -1) ?? '';
    const skip = asText(asObject(test.told.metadata).skipReason);
    book.add({
      suite: [fileTitle(path, root)],
      name: asText(test.told.name) ?? '',
      outcome,
      durationMs: atMs === undefined ? undefined : atMs - test.startedMs,
      file: path,
      line: asNumber(test.told.line),
      message: why ?? (outcome === 'skipped' ? skip : test.error?.message),
      stack: test.error?.stack,
    });
  };
  const endTest = (event: JsonObject): void => {
    const id = asNumber(event.testID) ?? -1;
    const test = running.get(id);
    running.delete(id);
    const outcome = outcomes.get(asText(event.result)) ?? 'errored';
    if (test === undefined || (event.hidden === true && outcome === 'passed')) return;
    add(test, event.skipped === true && outcome === 'passed' ? 'skipped' : outcome, asNumber(event.time));
  };
  const take = (event: JsonObject): void => {
    const { type } = event;
    const id = asNumber(event.testID) ?? -1;
    if (type === 'suite')
      suites.set(asNumber(asObject(event.suite).id) ?? -1, asText(asObject(event.suite).path) ?? '');
    else if (type === 'testStart') start(asObject(event.test), asNumber(event.time) ?? 0);
    else if (type === 'error') noteError(running.get(id), event);
    else if (type === 'testDone') endTest(event);
    else if (type === 'done') done = true;
  };
  const start = (told: JsonObject, startedMs: number): void => {
    if (running.size >= book.limits.cases) throw overLimit('running tests', book.limits.cases, 'split the suite');
    running.set(asNumber(told.id) ?? -1, { told, startedMs, error: null });
  };
  const lines = splitLines((line, number) => {
    const event = parseLine(line);
    if (event !== null) take(event);
    else if (line.trim().startsWith('{')) book.problems.once(lost(number));
  }, book.limits);
  const closeAll = (): void => {
    for (const test of running.values()) add(test, 'errored', undefined, 'the run was killed while this test ran');
  };
  const end = (): void => {
    lines.end();
    closeAll();
    if (!done) book.problems.add(killed);
  };
  return { write: lines.write, end, place: lines.place, abandon: closeAll };
}

const outcomes = new Map<string | undefined, TestOutcome>([
  ['success', 'passed'],
  ['failure', 'failed'],
  ['error', 'errored'],
]);

/** The first error of a test tells why. */
function noteError(test: RunningTest | undefined, event: JsonObject): void {
  if (test !== undefined) test.error ??= { message: asText(event.error) ?? '', stack: asText(event.stackTrace) ?? '' };
}

function lost(line: number) {
  const message = 'a line that begins like an event cannot be read: what it told is lost';
  return { code: 'foreign-lines', weight: 'doubt', message, line } as const;
}

const killed = {
  code: 'killed-run',
  weight: 'doubt',
  message: 'the last event, `done`, is missing: the run was killed',
} as const;
