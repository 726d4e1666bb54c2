import type { TestOutcome } from '../../core/test-report.ts';
import type { CaseBook } from '../case-book.ts';
import { decodeHead } from '../decode.ts';
import type { ReportFormat } from '../report-format.ts';
import { countOf, millisecondsOf } from '../report-numbers.ts';
import { childOf, childrenOf, type XmlElement, type XmlReader, xmlFormat } from '../xml/xml-picker.ts';
import { firstMarkup } from '../xml/xml-prolog.ts';

/** Robot Framework's output.xml, before and since version 4. Keywords are steps and are not read. */
export const robot: ReportFormat = {
  name: 'robot',
  detect: (head) => {
    const first = firstMarkup(decodeHead(head));
    return first.is === 'element' && first.name === 'robot';
  },
  read: xmlFormat(makeReader),
};

const drop = new Set([
  'kw',
  'for',
  'while',
  'if',
  'try',
  'group',
  'variable',
  'msg',
  'iter',
  'branch',
  'return',
  'break',
  'continue',
]);

function makeReader(book: CaseBook): XmlReader {
  const names: string[] = [];
  return {
    drop,
    choose: (path, attributes) => {
      const name = path.at(-1);
      if (name === 'suite') names[path.length] = attributes.name ?? '';
      if (path.length === 1 || name === 'suite') return 'enter';
      return name === 'test' ? 'take' : 'skip';
    },
    take: (path, element) => addTest(book, element, names.slice(2, path.length)),
  };
}

const outcomes = new Map<string | undefined, TestOutcome>([
  ['PASS', 'passed'],
  ['FAIL', 'failed'],
  ['SKIP', 'skipped'],
]);

function addTest(book: CaseBook, test: XmlElement, suite: readonly string[]): void {
  const status = childOf(test, 'status');
  const word = status?.attributes.status;
  // Before version 4 a test that was not critical could fail without failing the run; it failed all the same.
  const outcome = outcomes.get(word) ?? 'errored';
  const tags = [...childrenOf(test, 'tag'), ...childrenOf(childOf(test, 'tags'), 'tag')];
  book.add({
    suite,
    name: test.attributes.name ?? '',
    outcome,
    durationMs: durationOf(status),
    line: countOf(test.attributes.line ?? '') ?? undefined,
    message:
      outcome === 'passed'
        ? undefined
        : (status?.text ?? (outcome === 'errored' ? 'the report tells no outcome of this test' : undefined)),
    properties: tags.map(({ text }) => ({ name: 'tag', value: text })),
  });
}

/** `elapsed` in seconds since version 7, before it `20240131 12:34:56.789` twice. */
function durationOf(status: XmlElement | undefined): number | null {
  const { elapsed, starttime, endtime } = status?.attributes ?? {};
  if (elapsed !== undefined) return millisecondsOf(elapsed);
  return timeOf(endtime) - timeOf(starttime);
}

function timeOf(text: string | undefined): number {
  const match = /^(\d{4})(\d\d)(\d\d) (\d\d):(\d\d):(\d\d\.\d+)$/.exec(text ?? '');
  return match === null
    ? Number.NaN
    : Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`);
}
