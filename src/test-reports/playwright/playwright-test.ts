import type { TestAttempt, TestOutcome } from '../../core/test-report.ts';
import type { DraftTest } from '../case-book.ts';
import { asCount, asNumber, asObject, asObjects, asText, type JsonObject } from '../json/json-value.ts';

/** One test of a spec in one project, with all its runs. */
export function draftOf(test: JsonObject, spec: JsonObject, suite: readonly string[]): DraftTest {
  const results = asObjects(test.results);
  const expected = asText(test.expectedStatus) ?? 'passed';
  const attempts = results.map((result) => attemptOf(result, expected));
  const outcome = outcomeOf(test, results, attempts, expected);
  const telling =
    outcome === 'passed' ? undefined : (results.findLast((result) => errorsOf(result).length > 0) ?? results.at(-1));
  const status = asText(telling?.status);
  return {
    suite: [asText(test.projectName) ?? '', ...suite],
    name: asText(spec.title) ?? '',
    outcome,
    durationMs: asNumber(results.at(-1)?.duration),
    file: asText(spec.file),
    line: asCount(spec.line),
    message:
      telling === undefined
        ? whySkipped(test)
        : (messageOf(telling) ?? unsaid(outcome, expected, status) ?? whySkipped(test)),
    failureType: status === 'timedOut' || status === 'interrupted' ? status : undefined,
    stack: telling === undefined ? undefined : stackOf(telling),
    stdout: outputOf(results, 'stdout'),
    stderr: outputOf(results, 'stderr'),
    attempts: attempts.length > 1 ? withOutcome(attempts, outcome) : undefined,
    properties: propertiesOf(test, spec),
  };
}

/** A run that went as the test said it would is a passed one. */
function attemptOf(result: JsonObject, expected: string): TestAttempt {
  const status = asText(result.status);
  const message = messageOf(result);
  const said = message === undefined ? {} : { message };
  if (status === 'skipped') return { outcome: 'skipped', ...said };
  if (status === 'interrupted' || status === undefined) return { outcome: 'errored', ...said };
  return { outcome: status === expected ? 'passed' : 'failed', ...said };
}

/**
 * The test's own word, unless its runs are worse: `interrupted` counts as skipped for Playwright, and is a killed run.
 * A failure that was expected is no pass.
 */
function outcomeOf(
  test: JsonObject,
  results: readonly JsonObject[],
  attempts: readonly TestAttempt[],
  expected: string,
): TestOutcome {
  const last = attempts.at(-1)?.outcome;
  const status = asText(test.status);
  if (last === 'failed' || last === 'errored') return last;
  if (status === 'unexpected') return 'failed';
  if (status === 'skipped' || last === 'skipped' || results.length === 0) return 'skipped';
  if (status !== 'expected' && status !== 'flaky' && status !== undefined) return 'errored';
  return expected === 'passed' ? 'passed' : 'skipped';
}

/** The last entry of the attempts is the deciding one. */
function withOutcome(attempts: readonly TestAttempt[], outcome: TestOutcome): readonly TestAttempt[] {
  return attempts.map((attempt, at) => (at === attempts.length - 1 ? { ...attempt, outcome } : attempt));
}

function errorsOf(result: JsonObject): readonly JsonObject[] {
  const list = asObjects(result.errors);
  return list.length > 0 ? list : [asObject(result.error)].filter((error) => Object.keys(error).length > 0);
}

function messageOf(result: JsonObject): string | undefined {
  const messages = errorsOf(result).map((error) => asText(error.message) ?? asText(error.value) ?? '');
  return messages.find((message) => message !== '');
}

function stackOf(result: JsonObject): string | undefined {
  const stack = asText(asObject(result.error).stack);
  const texts = errorsOf(result).map((error) => asText(error.stack) ?? asText(error.message) ?? '');
  const all = stack === undefined || texts.includes(stack) ? texts : [stack, ...texts.slice(1)];
  return all.join('\n\n') || undefined;
}

function unsaid(outcome: TestOutcome, expected: string, status: string | undefined): string | undefined {
  if (status === 'interrupted') return 'interrupted before it ended';
  if (outcome === 'failed' && expected !== 'passed' && status === 'passed')
    return `expected to end ${expected}, but passed`;
  if (outcome === 'failed') return `ended ${status ?? 'otherwise than expected'}`;
  return outcome === 'skipped' && expected === 'failed' && status === 'failed'
    ? 'expected to fail, and did'
    : undefined;
}

function whySkipped(test: JsonObject): string | undefined {
  const reasons = asObjects(test.annotations).filter(({ type }) => type === 'skip' || type === 'fixme');
  return reasons.map(({ description }) => asText(description) ?? '').find((text) => text !== '');
}

/** Output in bytes (`buffer`) is left out: it is a file more than a text. */
function outputOf(results: readonly JsonObject[], stream: 'stdout' | 'stderr'): string | undefined {
  const texts = results.flatMap((result) => asObjects(result[stream]).map((entry) => asText(entry.text) ?? ''));
  return texts.join('') || undefined;
}

function propertiesOf(test: JsonObject, spec: JsonObject): DraftTest['properties'] {
  const tags = Array.isArray(spec.tags) ? spec.tags.filter((tag) => typeof tag === 'string') : [];
  const notes = asObjects(test.annotations).map((note) => ({
    name: asText(note.type) ?? '',
    value: asText(note.description) ?? '',
  }));
  return [...tags.map((tag) => ({ name: 'tag', value: tag })), ...notes.filter(({ name }) => name !== '')];
}
