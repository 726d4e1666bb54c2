import type { TestOutcome } from '../../core/test-report.ts';
import type { CaseBook, DraftTest } from '../case-book.ts';
import { declareRed } from '../declare-red.ts';
import { decodeHead } from '../decode.ts';
import type { ReportFormat } from '../report-format.ts';
import { countOf, millisecondsOf } from '../report-numbers.ts';
import type { Attributes } from '../xml/xml-events.ts';
import { childrenOf, textOf, type XmlElement, type XmlReader, xmlFormat } from '../xml/xml-picker.ts';
import { firstMarkup } from '../xml/xml-prolog.ts';

const roots = ['test-run', 'test-results', 'test-suite'];

/** NUnit 2 (`test-results`) and 3 (`test-run`). A fixture that failed outside of its tests is one errored test. */
export const nunit: ReportFormat = {
  name: 'nunit',
  detect: (head) => {
    const first = firstMarkup(decodeHead(head));
    return first.is === 'element' && roots.includes(first.name);
  },
  read: xmlFormat(makeReader),
};

interface OpenSuite {
  readonly name: string;
  readonly failed: boolean;
  readonly redBefore: number;
  message: string | undefined;
}

function makeReader(book: CaseBook): XmlReader {
  const suites: OpenSuite[] = [];
  let root: Attributes | null = null;
  const red = (): number => book.totals().failed + book.totals().errored;
  const openSuite = (attributes: Attributes): void => {
    const failed = /^(?:Failed|Failure|Error)$/.test(attributes.result ?? '');
    suites.push({ name: attributes.name ?? '', failed, redBefore: red(), message: undefined });
  };
  /** `failure` of a suite speaks of its children, unless none of them is red. */
  const closeSuite = (): void => {
    const suite = suites.pop();
    if (suite?.failed !== true || red() > suite.redBefore) return;
    const message = suite.message ?? 'the suite failed outside of its tests';
    book.add({ suite: pathOf(suites), className: suite.name, name: '(the suite itself)', outcome: 'errored', message });
  };
  return {
    drop: new Set(['assertions', 'attachments']),
    choose: (path, attributes) => {
      const name = path.at(-1);
      if (path.length === 1) root = attributes;
      if (name === 'test-suite') openSuite(attributes);
      if (path.length === 1 || name === 'test-suite' || name === 'results') return 'enter';
      return name === 'test-case' || (name === 'failure' && path.at(-2) === 'test-suite') ? 'take' : 'skip';
    },
    take: (path, element) => {
      const suite = suites.at(-1);
      if (path.at(-1) === 'test-case') book.add(draftOf(element, pathOf(suites)));
      else if (suite !== undefined) suite.message = textOf(element, 'message');
    },
    leave: (path) => {
      if (path.at(-1) === 'test-suite') closeSuite();
    },
    end: () => {
      if (root !== null) declareRoot(book, root);
    },
  };
}

/** The assembly tells suites apart; namespaces and fixtures stand in the tests' own full names. */
function pathOf(suites: readonly OpenSuite[]): readonly string[] {
  const assembly = suites.find(({ name }) => /\.(?:dll|exe)$/i.test(name))?.name;
  return assembly === undefined ? [] : [assembly.replaceAll('\\', '/').split('/').at(-1) ?? ''];
}

function declareRoot(book: CaseBook, root: Attributes): void {
  const count = (name: string): number | undefined => countOf(root[name] ?? '') ?? undefined;
  const failed = count('failed') ?? count('failures');
  if (failed === undefined) return;
  // `total` leaves out what was not run in NUnit 2, and explicit tests in NUnit 3.
  declareRed(book, { red: failed + (count('errors') ?? 0) });
}

function draftOf(test: XmlElement, suite: readonly string[]): DraftTest {
  const { attributes } = test;
  const outcome = outcomeOf(attributes);
  const message = textOf(test, 'failure', 'message') ?? textOf(test, 'reason', 'message');
  const time = attributes.duration ?? attributes.time;
  return {
    suite,
    ...namesOf(attributes),
    outcome,
    durationMs: time === undefined ? undefined : millisecondsOf(time),
    message: outcome === 'passed' ? undefined : (message ?? attributes.label),
    failureType: outcome === 'passed' ? undefined : attributes.label,
    stack: textOf(test, 'failure', 'stack-trace'),
    stdout: textOf(test, 'output'),
    properties: childrenOf(childrenOf(test, 'properties')[0], 'property').map(
      ({ attributes: { name = '', value = '' } }) => ({ name, value }),
    ),
  };
}

/** NUnit 2 writes the whole name (`A.B.Fixture.Test(1.5)`), NUnit 3 its parts. */
function namesOf(attributes: Attributes): { className: string | null; name: string } {
  const name = attributes.name ?? attributes.fullname ?? '';
  if (attributes.classname !== undefined || attributes.fullname !== undefined)
    return { className: attributes.classname ?? null, name };
  const bracket = name.indexOf('(');
  const dot = name.lastIndexOf('.', bracket === -1 ? name.length : bracket);
  return dot <= 0 ? { className: null, name } : { className: name.slice(0, dot), name: name.slice(dot + 1) };
}

const results = new Map<string, TestOutcome>([
  ['Passed', 'passed'],
  ['Success', 'passed'],
  ['Warning', 'passed'],
  ['Failed', 'failed'],
  ['Failure', 'failed'],
  ['Skipped', 'skipped'],
  ['Ignored', 'skipped'],
  ['Inconclusive', 'skipped'],
]);

/** NUnit 3 says `Failed` with the label `Error` for an exception, NUnit 2 `Error`; very old ones only `success`. */
function outcomeOf({ result, label, success, executed }: Attributes): TestOutcome {
  if (result === 'Failed' && label !== undefined && /^(?:Error|Invalid|Cancelled)$/.test(label)) return 'errored';
  if (result !== undefined) return results.get(result) ?? 'errored';
  if (executed === 'False') return 'skipped';
  return success === 'True' ? 'passed' : success === 'False' ? 'failed' : 'errored';
}
