import type { TestAttempt } from '../../core/test-report.ts';
import type { CaseBook } from '../case-book.ts';
import { collectionProblem } from '../collection-problem.ts';
import { decodeHead } from '../decode.ts';
import { parseLine } from '../json/json-line.ts';
import { asList, asNumber, asObject, asText, isObject, type JsonObject } from '../json/json-value.ts';
import { splitLines } from '../lines.ts';
import { lastError } from '../pytest-json/pytest-json.ts';
import { pytestNames } from '../pytest-json/pytest-words.ts';
import { type TextReader, textFormat } from '../read-text.ts';
import { Refusal } from '../refusal.ts';
import type { ReportFormat } from '../report-format.ts';

/** The plugin pytest-reportlog: one JSON object a line, three for each test. */
export const pytestReportlog: ReportFormat = {
  name: 'pytest-reportlog',
  detect: (head) => /^\s*\{[^\n]*"\$report_type"\s*:/m.test(decodeHead(head)),
  read: textFormat(makeReader),
};

interface Phases {
  readonly attempts: TestAttempt[];
  readonly told: JsonObject[];
}

function makeReader(book: CaseBook): TextReader {
  const running = new Map<string, Phases>();
  let finished = false;
  let broken = 0;
  let lost = false;
  const take = (event: JsonObject): void => {
    const type = event.$report_type;
    if (type === 'SessionFinish') finished = true;
    else if (type === 'CollectReport' && event.outcome === 'failed') {
      addCollectionError(book, event);
      broken += 1;
    } else if (type === 'TestReport') takePhase(event);
  };
  const takePhase = (event: JsonObject): void => {
    const node = asText(event.nodeid) ?? '';
    const test = running.get(node) ?? { attempts: [], told: [] };
    running.set(node, test);
    if (event.outcome === 'rerun') test.attempts.push({ outcome: 'failed', message: errorOf(event) ?? '' });
    test.told.push(event);
    if (event.when !== 'teardown') return;
    if (event.outcome === 'rerun' || test.told.some(({ outcome }) => outcome === 'rerun')) {
      test.told.length = 0;
      return;
    }
    running.delete(node);
    addTest(book, node, test, null);
  };
  const lines = splitLines((line, number) => {
    const event = parseLine(line);
    lost = event === null && line.trim() !== '';
    if (event !== null) take(event);
    else if (lost)
      book.problems.once({
        code: 'foreign-lines',
        weight: 'doubt',
        message: 'a line that cannot be read: what it told is lost',
        line: number,
      });
  }, book.limits);
  const closeAll = (): void => {
    for (const [node, test] of running) addTest(book, node, test, 'the run was killed while this test ran');
  };
  const end = (): void => {
    lines.end();
    if (lost) throw cutOff();
    closeAll();
    if (broken > 0) book.problems.add(collectionProblem(broken));
    if (!finished) book.problems.add(killed);
  };
  return { write: lines.write, end, place: lines.place, abandon: closeAll };
}

/** Broken set-up and broken teardown are errors; what the call says comes first. */
function addTest(book: CaseBook, node: string, { attempts, told }: Phases, why: string | null): void {
  const of = (when: string): JsonObject | undefined => told.find((phase) => phase.when === when);
  const red = told.find((phase) => phase.outcome === 'failed');
  const skipped = told.find((phase) => phase.outcome === 'skipped');
  const telling = red ?? skipped;
  const outcome =
    why !== null
      ? 'errored'
      : red !== undefined
        ? red.when === 'call'
          ? 'failed'
          : 'errored'
        : skipped !== undefined
          ? 'skipped'
          : of('call')?.outcome === 'passed'
            ? 'passed'
            : 'errored';
  const message = why ?? (telling === undefined ? undefined : errorOf(telling));
  const line = asNumber(asList(told[0]?.location)[1]);
  book.add({
    ...pytestNames(node),
    outcome,
    durationMs: told.reduce((sum, phase) => sum + (asNumber(phase.duration) ?? 0), 0) * 1000,
    line: line === undefined ? undefined : line + 1,
    message,
    stack: red === undefined ? undefined : longText(red),
    attempts:
      attempts.length === 0 ? undefined : [...attempts, { outcome, ...(message === undefined ? {} : { message }) }],
  });
}

function addCollectionError(book: CaseBook, event: JsonObject): void {
  const name = asText(event.nodeid) || '(collection)';
  const stack = longText(event);
  book.add({
    suite: [],
    name,
    outcome: 'errored',
    file: name.split('::')[0],
    message: errorOf(event) ?? 'collection failed',
    stack,
  });
}

/** `longrepr` is a text, a triple for skips (file, line, reason), or an object with the crash and its entries. */
function errorOf(event: JsonObject): string | undefined {
  const { longrepr } = event;
  const crash = asText(asObject(asObject(longrepr).reprcrash).message);
  if (crash !== undefined) return crash;
  if (typeof longrepr === 'string') return lastError(longrepr);
  return asText(asList(longrepr)[2]) ?? asText(asObject(longrepr).longrepr);
}

function longText(event: JsonObject): string | undefined {
  const { longrepr } = event;
  if (typeof longrepr === 'string') return longrepr;
  const entries = asList(asObject(asObject(longrepr).reprtraceback).reprentries).filter(isObject);
  const lines = entries.flatMap((entry) => {
    const data = asObject(entry.data);
    const place = asObject(data.reprfileloc);
    const at =
      place.path === undefined
        ? []
        : [`${asText(place.path)}:${asNumber(place.lineno) ?? 0}: ${asText(place.message) ?? ''}`];
    return [...asList(data.lines).filter((line) => typeof line === 'string'), ...at];
  });
  return lines.join('\n') || undefined;
}

function cutOff(): Refusal {
  const hint = 'the runner was killed or ran out of disk while it wrote; look at its exit code and output';
  return new Refusal({ reason: 'truncated', message: 'the report ends too early, inside of an entry', hint });
}

const killed = {
  code: 'killed-run',
  weight: 'doubt',
  message: 'the closing entry `SessionFinish` is missing: the run was killed',
} as const;
