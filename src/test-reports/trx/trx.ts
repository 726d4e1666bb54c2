import type { TestOutcome } from '../../core/test-report.ts';
import type { CaseBook, DraftTest } from '../case-book.ts';
import { declareRed } from '../declare-red.ts';
import { decodeHead } from '../decode.ts';
import type { ReportFormat } from '../report-format.ts';
import { countOf } from '../report-numbers.ts';
import type { Attributes } from '../xml/xml-events.ts';
import { childOf, childrenOf, textOf, type XmlElement, type XmlReader, xmlFormat } from '../xml/xml-picker.ts';
import { firstMarkup } from '../xml/xml-prolog.ts';

/** Visual Studio's TRX, as `dotnet test --logger trx` writes it. A run that failed outside of its tests is red. */
export const trx: ReportFormat = {
  name: 'trx',
  detect: (head) => {
    const first = firstMarkup(decodeHead(head));
    return first.is === 'element' && first.name === 'TestRun';
  },
  read: xmlFormat(makeReader),
};

const resultElement = /Result(?:Aggregation)?$/;

function makeReader(book: CaseBook): XmlReader {
  // Classes stand in the definitions, which come after the results.
  const results: { id: string; draft: DraftTest }[] = [];
  const classes = new Map<string, string>();
  let summary: XmlElement | null = null;
  return {
    drop: new Set(['ResultFiles', 'CollectorDataEntries', 'TestCategory', 'Owners']),
    choose: ([, section, item]) => {
      if (section === undefined || (item === undefined && (section === 'Results' || section === 'TestDefinitions')))
        return 'enter';
      if (section === 'ResultSummary') return 'take';
      return section === 'Results' || section === 'TestDefinitions' ? 'take' : 'skip';
    },
    take: ([, section], element) => {
      if (section === 'ResultSummary') summary = element;
      else if (section === 'Results')
        results.push(...leavesOf(element).map((leaf) => ({ id: leaf.attributes.testId ?? '', draft: draftOf(leaf) })));
      else classes.set(element.attributes.id ?? '', childOf(element, 'TestMethod')?.attributes.className ?? '');
    },
    end: () => {
      for (const { id, draft } of results) book.add({ ...draft, className: classNameOf(classes.get(id)) });
      if (summary !== null) closeWith(book, summary);
    },
    abandon: () => {
      for (const { draft } of results.filter(({ draft: { outcome } }) => outcome === 'failed' || outcome === 'errored'))
        book.add(draft);
    },
  };
}

/** A data-driven test holds its rows; the row is the test. */
function leavesOf(element: XmlElement): readonly XmlElement[] {
  const inner = childOf(element, 'InnerResults')?.children.filter(({ name }) => resultElement.test(name)) ?? [];
  return inner.length === 0 ? [element] : inner.flatMap(leavesOf);
}

/** `Namespace.Class, Assembly, Version=…` */
function classNameOf(name: string | undefined): string | null {
  return name?.split(',')[0]?.trim() || null;
}

const outcomes = new Map<string | undefined, TestOutcome>([
  ['Passed', 'passed'],
  ['Warning', 'passed'],
  ['Failed', 'failed'],
  ['NotExecuted', 'skipped'],
  ['Inconclusive', 'skipped'],
  ['Pending', 'skipped'],
]);

/** `Error`, `Timeout`, `Aborted`, `NotRunnable`, `InProgress` and whatever else there is are no outcome of the test itself. */
function draftOf(result: XmlElement): DraftTest {
  const { testName = '', outcome: word, duration } = result.attributes;
  const outcome = outcomes.get(word) ?? 'errored';
  const output = childOf(result, 'Output');
  const skipReason = outcome === 'skipped' ? textOf(output, 'StdOut') : undefined;
  return {
    suite: [],
    name: testName,
    outcome,
    durationMs: millisecondsOfSpan(duration),
    message:
      textOf(output, 'ErrorInfo', 'Message') ??
      skipReason ??
      (outcome === 'errored' ? `outcome ${word ?? 'missing'}` : undefined),
    stack: textOf(output, 'ErrorInfo', 'StackTrace'),
    stdout: textOf(output, 'StdOut'),
    stderr: textOf(output, 'StdErr'),
  };
}

/** `00:01:02.5`, with days in front where it took that long. */
function millisecondsOfSpan(span: string | undefined): number | undefined {
  const match = /^(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(span ?? '');
  if (match === null) return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return ((((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000;
}

function closeWith(book: CaseBook, summary: XmlElement): void {
  const { failed, errored } = book.totals();
  const outcome = summary.attributes.outcome ?? '';
  if (failed + errored === 0 && /^(?:Failed|Error|Aborted|Timeout|Disconnected)$/.test(outcome)) {
    const told = childrenOf(childOf(summary, 'RunInfos'), 'RunInfo').filter(
      (info) => info.attributes.outcome === 'Error',
    );
    const message =
      told.map((info) => textOf(info, 'Text') ?? '').find((text) => text !== '') ??
      `the run ended ${outcome}, but no test did`;
    book.add({ suite: [], name: '(the run itself)', outcome: 'errored', message });
    return;
  }
  const counters = childOf(summary, 'Counters')?.attributes;
  if (counters !== undefined) declareCounters(book, counters);
}

function declareCounters(book: CaseBook, counters: Attributes): void {
  const count = (name: string): number => countOf(counters[name] ?? '') ?? 0;
  const red = ['failed', 'error', 'timeout', 'aborted'].reduce((sum, name) => sum + count(name), 0);
  declareRed(book, { tests: countOf(counters.total ?? '') ?? undefined, red });
}
