import type { TestCase } from '../../core/test-report.ts';
import { type Capture, capture, makeCapture } from '../capture.ts';
import { overLimit, Refusal } from '../refusal.ts';
import type { ReadFacts } from '../report-format.ts';
import type { Attributes, XmlEvents } from '../xml/xml-events.ts';
import { localName } from '../xml/xml-prolog.ts';
import { makeCaseSink } from './case-sink.ts';
import type { JUnitContext } from './junit-context.ts';
import { type OpenCase, type OpenResult, openCase, openResult, resultKindOf } from './open-case.ts';

export interface JUnitEvents extends XmlEvents {
  /** Emits what is still held back. `complete`: the document ended as XML must. */
  finish(complete: boolean): ReadFacts;
}

const suiteElements: readonly string[] = ['testsuites', 'testsuite', 'testrun'];

export function isReportRoot(element: string): boolean {
  return suiteElements.includes(element);
}

/** Turns elements into suites and tests: who is inside whom is decided here, what a test is in `finishCase`. */
export function makeJUnitEvents(emit: (test: TestCase) => void, context: JUnitContext): JUnitEvents {
  const { limits } = context;
  const sink = makeCaseSink(emit, context);
  const elements: string[] = [];
  let test: OpenCase | null = null;
  let result: { open: OpenResult; depth: number } | null = null;
  let into: Capture | null = null;

  const open = (name: string, attributes: Attributes, line: number): void => {
    const element = localName(name);
    elements.push(element);
    if (elements.length > limits.depth) {
      throw overLimit('elements inside each other', limits.depth, 'this is no test report');
    }
    if (elements.length === 1 && !isReportRoot(element)) throw unknownRoot(element);
    if (result !== null) into = element.startsWith('system-') ? null : result.open.text;
    else if (element === 'testcase') test = startTest(attributes, line);
    else if (test !== null) openInTest(test, element, attributes);
    else openInSuite(element, attributes, line);
  };
  const startTest = (attributes: Attributes, line: number): OpenCase => {
    endTest();
    sink.makeRoom();
    return openCase(attributes, line);
  };
  const endTest = (): void => {
    if (test !== null) sink.addCase(test);
    test = null;
  };
  const openInTest = (current: OpenCase, element: string, attributes: Attributes): void => {
    const kind = elements.at(-2) === 'testcase' ? resultKindOf(element) : null;
    if (kind !== null) {
      const opened = openResult(kind, attributes, limits.keptChars);
      current.results.push(opened);
      startResult(opened);
    } else if (element === 'system-out') into = current.stdout ??= makeCapture(limits.keptChars);
    else if (element === 'system-err') into = current.stderr ??= makeCapture(limits.keptChars);
    else if (element === 'property') addProperty(current, attributes);
  };
  const openInSuite = (element: string, attributes: Attributes, line: number): void => {
    if (suiteElements.includes(element)) sink.openSuite(element, attributes, line);
    const kind = suiteElements.includes(elements.at(-2) ?? '') ? resultKindOf(element) : null;
    if (kind !== 'failure' && kind !== 'error') return;
    startResult(openResult(kind, attributes, limits.keptChars));
  };
  const startResult = (opened: OpenResult): void => {
    result = { open: opened, depth: elements.length };
    into = opened.text;
  };
  const close = (): void => {
    const element = elements.pop() ?? '';
    if (result !== null) {
      closeInResult(result);
      return;
    }
    into = null;
    if (element === 'testcase') endTest();
    else if (suiteElements.includes(element) && test === null) sink.closeSuite();
  };
  const closeInResult = (closing: { open: OpenResult; depth: number }): void => {
    into = closing.open.text;
    if (elements.length >= closing.depth) return;
    if (test === null) sink.addSuiteFailure(closing.open);
    result = null;
    into = null;
  };
  const text = (value: string): void => {
    if (into !== null) capture(into, value);
  };
  const comment = (value: string): void => {
    if (elements.length === 1) sink.readComment(value);
  };
  const finish = (complete: boolean): ReadFacts => {
    // A failure that was read before the report broke off is still a failure.
    if (test?.results.some(({ kind }) => kind === 'failure' || kind === 'error')) sink.addCase(test);
    return sink.finish(complete);
  };
  return { open, text, comment, close, finish };
}

function addProperty(test: OpenCase, attributes: Attributes): void {
  if (attributes.name !== undefined) test.properties.push({ name: attributes.name, value: attributes.value ?? '' });
}

function unknownRoot(element: string): Refusal {
  const message = `the root element <${element.slice(0, 80)}> is none of JUnit's`;
  return new Refusal({
    reason: 'unknown-format',
    message,
    hint: 'give a report with <testsuites> or <testsuite> at its root',
  });
}
