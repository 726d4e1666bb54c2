import { type Capture, capture, makeCapture } from '../capture.ts';
import { overLimit, Refusal } from '../refusal.ts';
import type { ReadFacts } from '../report-format.ts';
import type { Attributes, XmlEvents } from '../xml/xml-events.ts';
import { localName } from '../xml/xml-prolog.ts';
import type { XmlTag } from '../xml/xml-tag.ts';
import { type Emits, makeCaseSink } from './case-sink.ts';
import type { JUnitContext } from './junit-context.ts';
import { type OpenCase, type OpenResult, openCase, openResult, resultKindOf } from './open-case.ts';
import { makePlainReader, openPlain } from './plain-case.ts';

export interface JUnitEvents extends XmlEvents {
  /** Emits what is still held back. `complete`: the document ended as XML must. */
  finish(complete: boolean): ReadFacts;
}

const suiteElements: readonly string[] = ['testsuites', 'testsuite', 'testrun'];

export function isReportRoot(element: string): boolean {
  return suiteElements.includes(element);
}

/** Turns elements into suites and tests: who is inside whom is decided here, what a test is in `finishCase`. */
export function makeJUnitEvents(emit: Emits, context: JUnitContext): JUnitEvents {
  const { limits } = context;
  const sink = makeCaseSink(emit, context);
  const readPlain = makePlainReader(context);
  const elements: string[] = [];
  let test: OpenCase | 'plain' | null = null;
  let result: { open: OpenResult; depth: number } | null = null;
  let into: Capture | null = null;

  const push = (element: string): void => {
    elements.push(element);
    if (elements.length > limits.depth) {
      throw overLimit('elements inside each other', limits.depth, 'this is no test report');
    }
  };
  const openTag = (tag: XmlTag, line: () => number): boolean => {
    if (tag.name !== 'testcase' || result !== null || elements.length === 0) return false;
    if (test !== null) endTest();
    const plain = sink.plain();
    if (!readPlain(tag, plain, sink.suite())) return false;
    plain.lineOfTag = line();
    push('testcase');
    sink.makeRoom();
    test = 'plain';
    return true;
  };
  const open = (name: string, attributes: Attributes, line: number): void => {
    const element = localName(name);
    push(element);
    if (elements.length === 1 && !isReportRoot(element)) throw unknownRoot(element);
    if (result !== null) into = element.startsWith('system-') ? null : result.open.text;
    else if (element === 'testcase') test = startTest(attributes, line);
    else if (test !== null) openInTest(openedTest(test), element, attributes);
    else openInSuite(element, attributes, line);
  };
  const startTest = (attributes: Attributes, line: number): OpenCase => {
    endTest();
    sink.makeRoom();
    return openCase(attributes, line);
  };
  const endTest = (): void => {
    if (test === 'plain') sink.addPlain();
    else if (test !== null) sink.addCase(test);
    test = null;
  };
  const openedTest = (current: OpenCase | 'plain'): OpenCase => {
    const opened = current === 'plain' ? openPlain(sink.plain()) : current;
    test = opened;
    return opened;
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
    if (test !== null && test !== 'plain' && test.results.some(({ kind }) => kind === 'failure' || kind === 'error'))
      sink.addCase(test);
    return sink.finish(complete);
  };
  return { openTag, open, text, wantsText: () => into !== null, comment, close, finish };
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
