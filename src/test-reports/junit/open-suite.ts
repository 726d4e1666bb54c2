import type { TestOutcome } from '../../core/test-report.ts';
import type { ProblemList } from '../problem-list.ts';
import { countOf } from '../report-numbers.ts';
import { tidyName } from '../tidy-name.ts';
import type { Attributes } from '../xml/xml-events.ts';

/** `failureElements` and `errorElements` count elements, of which one test can have several. */
export interface Counts {
  tests: number;
  failed: number;
  errored: number;
  skipped: number;
  failureElements: number;
  errorElements: number;
}

export interface SuiteNumbers {
  tests?: number;
  failed?: number;
  errored?: number;
  skipped?: number;
}

export interface OpenSuite {
  /** What stands before the names of its tests; a `testsuites` root has no name of its own here. */
  readonly path: string;
  readonly name: string;
  readonly file: string | undefined;
  readonly line: number;
  readonly declared: SuiteNumbers;
  /** Tests directly in it, and with those of the suites in it. */
  readonly direct: Counts;
  readonly all: Counts;
}

export function openSuite(
  element: string,
  attributes: Attributes,
  parent: OpenSuite | undefined,
  context: { line: number; nameChars: number; problems: ProblemList },
): OpenSuite {
  const name = element === 'testsuites' ? '' : tidyName(attributes.name ?? '', context.nameChars);
  return {
    path: [parent?.path, name].filter((part) => part).join(' > '),
    name,
    file: attributes.file ?? parent?.file,
    line: context.line,
    declared: declaredBy(attributes, context.line, context.problems),
    direct: noCounts(),
    all: noCounts(),
  };
}

const numbers = [
  ['tests', 'tests'],
  ['failed', 'failures'],
  ['errored', 'errors'],
  ['skipped', 'skipped'],
] as const;

function declaredBy(attributes: Attributes, line: number, problems: ProblemList): SuiteNumbers {
  const declared: SuiteNumbers = {};
  for (const [field, attribute] of numbers) {
    const text = attributes[attribute];
    if (text === undefined || text === '') continue;
    const count = countOf(text);
    if (count !== null) declared[field] = count;
    else problems.add(unreadable(attribute, text, line));
  }
  return declared;
}

export function unreadable(attribute: string, text: string, line: number) {
  const message = `${attribute}="${text.slice(0, 40)}" is no number that can be used`;
  return { code: 'unreadable-number', weight: 'note', message, line } as const;
}

function noCounts(): Counts {
  return { tests: 0, failed: 0, errored: 0, skipped: 0, failureElements: 0, errorElements: 0 };
}

export interface ElementCounts {
  readonly failureElements: number;
  readonly errorElements: number;
}

export function countTest(suite: OpenSuite, outcome: TestOutcome, elements: ElementCounts): void {
  countIn(suite.direct, outcome, elements);
  countIn(suite.all, outcome, elements);
}

function countIn(counts: Counts, outcome: TestOutcome, elements: ElementCounts): void {
  counts.tests += 1;
  if (outcome !== 'passed') counts[outcome] += 1;
  counts.failureElements += elements.failureElements;
  counts.errorElements += elements.errorElements;
}

export function addInner(outer: OpenSuite, inner: OpenSuite): void {
  for (const key of ['tests', 'failed', 'errored', 'skipped', 'failureElements', 'errorElements'] as const) {
    outer.all[key] += inner.all[key];
  }
}
