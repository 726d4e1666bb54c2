import type { CaseBook } from '../case-book.ts';
import { jsonHead } from '../json/json-head.ts';
import type { JsonPath } from '../json/json-picker.ts';
import { asCount, asList, asObject, asObjects, asText, type JsonObject, type JsonValue } from '../json/json-value.ts';
import { type JsonReader, jsonFormat } from '../json/read-json.ts';
import type { ReportFormat } from '../report-format.ts';
import { draftOf } from './playwright-test.ts';

/** Playwright's JSON reporter. The config is never read: it holds the environment of the web server, tokens included. */
export const playwright: ReportFormat = {
  name: 'playwright',
  detect: (head) => {
    const keys = jsonHead(head);
    return keys.has('config{') && (keys.has('suites[') || keys.has('config.rootDir') || keys.has('config.forbidOnly'));
  },
  read: jsonFormat(makeReader),
};

/** What may be large and is never shown. Attachments hold traces, videos and HARs that no redactor sees into. */
const drop = new Set(['attachments', 'steps', 'parallelIndex', 'workerIndex']);

function makeReader(book: CaseBook): JsonReader {
  const titles: string[] = [];
  let stats: JsonObject | null = null;
  let globalErrors = 0;
  const choose = (path: JsonPath): 'enter' | 'take' | 'skip' => {
    if (path.length === 0) return 'enter';
    if (path[0] === 'stats') return 'take';
    if (path[0] === 'errors') return path.length === 1 ? 'enter' : 'take';
    if (path[0] !== 'suites') return 'skip';
    const last = path.at(-1);
    if (last === 'suites' || last === 'specs') return 'enter';
    if (typeof last === 'number') return path.at(-2) === 'specs' ? 'take' : 'enter';
    return last === 'title' ? 'take' : 'skip';
  };
  const take = (path: JsonPath, value: JsonValue): void => {
    if (path[0] === 'stats') stats = asObject(value);
    else if (path[0] === 'errors') addGlobalError(asObject(value));
    else if (path.at(-1) === 'title') titles[suiteDepth(path)] = asText(value) ?? '';
    else addSpec(asObject(value), titles.slice(1, suiteDepth(path) + 1));
  };
  const addSpec = (spec: JsonObject, suite: readonly string[]): void => {
    for (const test of asObjects(spec.tests)) book.add(draftOf(test, spec, suite));
    if (asList(spec.tests).length > 0) return;
    book.add({
      suite,
      name: asText(spec.title) ?? '',
      outcome: 'skipped',
      message: 'the report tells no run of this test',
    });
  };
  const addGlobalError = (error: JsonObject): void => {
    globalErrors += 1;
    const message = asText(error.message) ?? asText(error.value) ?? 'an error outside of all tests';
    book.add({
      suite: [],
      name: '(the run itself)',
      outcome: 'errored',
      message,
      stack: asText(error.stack) ?? message,
    });
  };
  const leave = (path: JsonPath): void => {
    if (typeof path.at(-1) === 'number' && path.at(-2) === 'suites') titles.length = suiteDepth(path);
  };
  const end = (): void => {
    if (stats === null) return;
    const [expected, unexpected, flaky, skipped] = ['expected', 'unexpected', 'flaky', 'skipped'].map((key) =>
      asCount(stats?.[key]),
    );
    if (expected === undefined || unexpected === undefined || skipped === undefined) return;
    const tests = expected + unexpected + (flaky ?? 0) + skipped + globalErrors;
    book.declare({ tests, failed: unexpected, errored: globalErrors, skipped });
  };
  return { choose, take, leave, end, drop };
}

/** How many suites are open at a path: 1 in the outermost one. */
function suiteDepth(path: JsonPath): number {
  return path.filter((part) => part === 'suites').length;
}
