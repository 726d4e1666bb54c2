import type { TestOutcome } from '../../core/test-report.ts';
import type { CaseBook, DraftTest } from '../case-book.ts';
import { jsonHead } from '../json/json-head.ts';
import { asCount, asNumber, asObject, asObjects, asText, isObject, type JsonObject } from '../json/json-value.ts';
import { type JsonReader, jsonFormat } from '../json/read-json.ts';
import type { ReportFormat } from '../report-format.ts';

/** Cucumber's JSON, of any language. A scenario is a test; a background belongs to the scenario after it. */
export const cucumber: ReportFormat = {
  name: 'cucumber',
  detect: (head) => {
    const keys = jsonHead(head);
    return keys.has('[') && keys.has('[].elements[') && (keys.has('[].uri') || keys.has('[].keyword'));
  },
  read: jsonFormat(makeReader),
};

const drop = new Set(['embeddings', 'output', 'rows', 'doc_string', 'arguments', 'match']);

function makeReader(book: CaseBook): JsonReader {
  return {
    drop,
    choose: (path) => (path.length === 0 ? 'enter' : 'take'),
    take: (_, value) => {
      if (isObject(value)) addFeature(book, value);
    },
  };
}

function addFeature(book: CaseBook, feature: JsonObject): void {
  let background: readonly JsonObject[] = [];
  for (const element of asObjects(feature.elements)) {
    const steps = [...asObjects(element.before), ...asObjects(element.steps), ...asObjects(element.after)];
    if (element.type === 'background' || element.keyword === 'Background') background = steps;
    else {
      book.add(draftOf(feature, element, [...background, ...steps]));
      background = [];
    }
  }
}

function draftOf(feature: JsonObject, scenario: JsonObject, steps: readonly JsonObject[]): DraftTest {
  const results = steps.map((step) => asObject(step.result));
  const outcome = outcomeOf(results.map(({ status }) => asText(status)));
  const telling = steps.find((step) => wordsOf(outcome).includes(asText(asObject(step.result).status) ?? ''));
  const error = asText(asObject(telling?.result).error_message);
  const nanoseconds = results.reduce((sum, { duration }) => sum + (asNumber(duration) ?? 0), 0);
  return {
    suite: [asText(feature.name) ?? ''],
    name: asText(scenario.name) ?? '',
    outcome,
    durationMs: nanoseconds / 1e6,
    file: asText(feature.uri),
    line: asCount(scenario.line),
    message: outcome === 'passed' ? undefined : (error?.split('\n', 1)[0] ?? unsaid(telling)),
    stack: error,
    properties: asObjects(scenario.tags).map((tag) => ({ name: 'tag', value: asText(tag.name) ?? '' })),
  };
}

/** An undefined or ambiguous step is a broken test; what pends or was left out is skipped; no step at all proves nothing. */
function outcomeOf(words: readonly (string | undefined)[]): TestOutcome {
  if (words.includes('failed')) return 'failed';
  if (words.some((word) => !known.has(word))) return 'errored';
  if (words.some((word) => word !== 'passed')) return 'skipped';
  return words.length === 0 ? 'skipped' : 'passed';
}

const known = new Set<string | undefined>(['passed', 'failed', 'skipped', 'pending']);

function wordsOf(outcome: TestOutcome): readonly string[] {
  if (outcome === 'failed') return ['failed'];
  return outcome === 'errored' ? ['undefined', 'ambiguous', 'unknown'] : ['pending', 'skipped'];
}

function unsaid(step: JsonObject | undefined): string | undefined {
  return step === undefined
    ? undefined
    : `${asText(asObject(step.result).status) ?? 'no result'}: ${asText(step.name) ?? 'a step'}`;
}
