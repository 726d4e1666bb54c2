import type { TestCase, TestOutcome } from '../../core/test-report.ts';
import { captured, own } from '../capture.ts';
import { parseFrames } from '../frames.ts';
import { countOf, millisecondsOf } from '../report-numbers.ts';
import { testId } from '../test-id.ts';
import { noFrames, noProperties } from '../test-parts.ts';
import { tidyName, withoutColours } from '../tidy-name.ts';
import type { JUnitContext } from './junit-context.ts';
import type { OpenCase, OpenResult, ResultKind } from './open-case.ts';
import { type OpenSuite, unreadable } from './open-suite.ts';
import { attemptsOf, isNameless, outcomeOf } from './outcome.ts';

/**
 * A closed `testcase` element as a test. A report can have millions of them that simply passed, so what most tests do not
 * have is not made: optional fields are added, empty lists are shared.
 */
export function finishCase(open: OpenCase, suite: OpenSuite | undefined, context: JUnitContext): TestCase {
  const outcome = outcomeOf(open);
  const telling = open.results.length === 0 ? undefined : tellingResult(open.results, outcome);
  const message = telling === undefined ? undefined : messageOf(telling);
  const { className, name } = namesOf(open, context);
  const path = suite?.path ?? '';
  const test: Writable<TestCase> = {
    id: testId(path, className, name),
    suite: path,
    className,
    name,
    outcome,
    durationMs: durationOf(open, context),
    frames: noFrames,
    attempts: attemptsOf(open, outcome, message, messageOf),
    properties: open.properties.length === 0 ? noProperties : open.properties,
  };
  addPlace(test, open, suite, context);
  if (message !== undefined) test.message = message;
  if (telling?.type !== undefined) test.failureType = tidyName(telling.type, context.limits.nameChars);
  if (isRed(outcome)) addStack(test, open.results, context.root);
  if (open.stdout !== null) test.stdout = captured(open.stdout);
  if (open.stderr !== null) test.stderr = captured(open.stderr);
  return test;
}

type Writable<T> = { -readonly [key in keyof T]: T[key] };

const isRed = (outcome: TestOutcome): boolean => outcome === 'failed' || outcome === 'errored';

let latestClass = { given: '', charsMax: 0, tidy: '' };

/** Tests of one class follow each other: they share one text. */
function tidyClass(given: string, charsMax: number): string {
  if (latestClass.given !== given || latestClass.charsMax !== charsMax) {
    latestClass = { given: own(given), charsMax, tidy: tidyName(given, charsMax) };
  }
  return latestClass.tidy;
}

function namesOf(open: OpenCase, { limits, problems }: JUnitContext): { className: string | null; name: string } {
  const className = open.attributes.classname ? tidyClass(open.attributes.classname, limits.nameChars) : null;
  const given = open.attributes.name ?? '';
  if (isNameless(open)) {
    const message = 'a test without a name: runners leave one behind when they are killed while it runs';
    problems.once({ code: 'nameless-test', weight: 'note', message, line: open.line });
  }
  const name = given === '' ? (className ?? '(no name)') : tidyName(given, limits.nameChars);
  return { className, name };
}

function addPlace(test: Writable<TestCase>, open: OpenCase, suite: OpenSuite | undefined, context: JUnitContext): void {
  const named = open.attributes.file || suite?.file;
  if (!named) return;
  const file = context.place(named);
  if (file === null) {
    const message = `the file name "${named.slice(0, 80)}" lies outside of the suite's folder and is left out`;
    context.problems.once({ code: 'path-outside', weight: 'note', message, line: open.line });
    return;
  }
  test.file = file;
  const line = open.attributes.line === undefined ? null : countOf(open.attributes.line);
  // pytest counts lines from 0.
  if (line !== null) test.line = suite?.name === 'pytest' ? line + 1 : line;
}

function durationOf(open: OpenCase, context: JUnitContext): number | null {
  const time = open.attributes.time;
  if (time === undefined || time === '') return null;
  const duration = millisecondsOf(time);
  if (duration === null) context.problems.once(unreadable('time', time, open.line));
  return duration;
}

/** The result that gave the outcome; where the outcome came from an attribute alone, there is none. */
function tellingResult(results: readonly OpenResult[], outcome: TestOutcome): OpenResult | undefined {
  if (outcome === 'skipped') return results.find(({ kind }) => kind === 'skipped');
  const kinds: readonly ResultKind[] = outcome === 'failed' ? ['failure', 'rerunFailure'] : ['error', 'rerunError'];
  return isRed(outcome) ? results.find(({ kind }) => kinds.includes(kind)) : undefined;
}

function messageOf(result: OpenResult): string | undefined {
  const text = result.message?.trim() || captured(result.text).split('\n', 1)[0]?.trim();
  if (!text) return undefined;
  const plain = withoutColours(text);
  return own(isNodes(result) ? plain.replaceAll('&quot;', '"') : plain);
}

/** Node's reporter (20 to 24) escapes quotes, and then the escape: its kinds of failure are no other runner's. */
function isNodes({ type = '' }: OpenResult): boolean {
  return /^(?:testCodeFailure|hookFailed|subtestsFailed|testTimeoutFailure|uncaughtException|unhandledRejection)$/.test(
    type,
  );
}

/** unittest's XML puts the whole traceback into the message. */
function addStack(test: Writable<TestCase>, results: readonly OpenResult[], root: string): void {
  const texts = results.map(({ text }) => captured(text)).filter((text) => text !== '');
  if (texts.length > 0) test.stack = withoutColours(texts.join('\n\n'));
  if (test.stack !== undefined) test.frames = parseFrames(test.stack, root);
  if (test.frames.length === 0 && test.message !== undefined) test.frames = parseFrames(test.message, root);
}
