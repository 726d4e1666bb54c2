import { type Capture, capture, captured, makeCapture } from '../capture.ts';
import type { CaseBook } from '../case-book.ts';
import { drain } from '../feed.ts';
import { openBook } from '../read-text.ts';
import { overLimit } from '../refusal.ts';
import type { ReadOptions, ReportFormat, ReportResult } from '../report-format.ts';
import type { Attributes, XmlEvents } from './xml-events.ts';
import { makeXmlFeed } from './xml-feed.ts';
import { localName } from './xml-prolog.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Attributes;
  readonly children: readonly XmlElement[];
  /** Its own text without that of its children, up to the limit. */
  readonly text: string;
  readonly line: number;
}

/** Which elements of a document are wanted, so that a large one never stands in memory as a whole. */
export interface XmlReader {
  /** `path`: local names from the root to the element. `enter`: ask again inside; `take`: build it; `skip`: check and forget. */
  choose(path: readonly string[], attributes: Attributes, line: number): 'enter' | 'take' | 'skip';
  take(path: readonly string[], element: XmlElement): void;
  leave?(path: readonly string[]): void;
  /** Children that are skipped wherever they stand inside a taken element. */
  readonly drop?: ReadonlySet<string>;
  end?(): void;
  abandon?(): void;
}

/** The `read` of a format that is one XML document, other than JUnit's. */
export function xmlFormat(make: (book: CaseBook, options: ReadOptions) => XmlReader): ReportFormat['read'] {
  return async (source, emit, options): Promise<ReportResult> => {
    const book = openBook(emit, options);
    const reader = make(book, options);
    const feed = makeXmlFeed(pickXml(reader, book), book.limits, book.problems);
    const failure = await drain(source, feed, options.signal);
    if (failure === null) reader.end?.();
    else reader.abandon?.();
    const facts = book.finish(failure === null);
    return failure === null ? { ok: true, ...facts } : { ok: false, failure, ...facts };
  };
}

interface OpenElement {
  readonly name: string;
  readonly attributes: Attributes;
  readonly children: XmlElement[];
  readonly text: Capture;
  readonly line: number;
}

const nodesMax = 200_000;

function pickXml(reader: XmlReader, { limits }: CaseBook): XmlEvents {
  const path: string[] = [];
  const taken: OpenElement[] = [];
  let skippedDepth = 0;
  let nodes = 0;
  const open = (full: string, attributes: Attributes, line: number): void => {
    const name = localName(full);
    path.push(name);
    if (path.length > limits.depth) {
      throw overLimit('elements inside each other', limits.depth, 'this is no test report');
    }
    if (skippedDepth > 0 || (taken.length > 0 && reader.drop?.has(name) === true)) {
      skippedDepth += 1;
      return;
    }
    const chosen = taken.length > 0 ? 'take' : reader.choose(path, attributes, line);
    if (chosen === 'skip') skippedDepth = 1;
    else if (chosen === 'take') begin({ name, attributes, children: [], text: makeCapture(limits.keptChars), line });
  };
  const begin = (element: OpenElement): void => {
    nodes += 1;
    if (nodes > nodesMax) throw overLimit('elements in one test', nodesMax, 'this is no test report');
    taken.push(element);
  };
  const close = (): void => {
    if (skippedDepth > 0) skippedDepth -= 1;
    else if (taken.length > 0) closeTaken();
    else reader.leave?.(path);
    path.pop();
  };
  const closeTaken = (): void => {
    const element = taken.pop();
    if (element === undefined) return;
    const done: XmlElement = { ...element, text: captured(element.text) };
    const parent = taken.at(-1);
    if (parent !== undefined) {
      parent.children.push(done);
      return;
    }
    nodes = 0;
    reader.take(path, done);
  };
  const text = (value: string): void => {
    const element = taken.at(-1);
    if (element !== undefined && skippedDepth === 0) capture(element.text, value);
  };
  return { open, close, text, comment: () => {} };
}

export function childOf(element: XmlElement | undefined, ...names: string[]): XmlElement | undefined {
  return names.reduce<XmlElement | undefined>(
    (found, name) => found?.children.find((child) => child.name === name),
    element,
  );
}

export function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

export function textOf(element: XmlElement | undefined, ...names: string[]): string | undefined {
  return childOf(element, ...names)?.text || undefined;
}
