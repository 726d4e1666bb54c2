import type { TestOutcome } from '../../core/test-report.ts';
import type { CaseBook, DraftTest } from '../case-book.ts';
import { declareRed } from '../declare-red.ts';
import { decodeHead } from '../decode.ts';
import type { ReportFormat } from '../report-format.ts';
import { countOf, millisecondsOf } from '../report-numbers.ts';
import { childOf, childrenOf, textOf, type XmlElement, type XmlReader, xmlFormat } from '../xml/xml-picker.ts';
import { firstMarkup } from '../xml/xml-prolog.ts';

/** xUnit.net 1, 2 and 3. Errors outside of tests (clean-up of a fixture, an assembly that does not load) are red. */
export const xunit: ReportFormat = {
  name: 'xunit',
  detect: (head) => {
    const first = firstMarkup(decodeHead(head));
    return first.is === 'element' && (first.name === 'assemblies' || first.name === 'assembly');
  },
  read: xmlFormat(makeReader),
};

const entered = new Set(['assemblies', 'assembly', 'collection', 'class', 'errors']);

function makeReader(book: CaseBook): XmlReader {
  let assembly = '';
  const declared = { tests: 0, red: 0 };
  let errors = 0;
  return {
    drop: new Set(['attachments', 'warnings']),
    choose: (path, attributes) => {
      const name = path.at(-1) ?? '';
      if (name === 'assembly') {
        const count = (key: string): number => countOf(attributes[key] ?? '') ?? 0;
        assembly = (attributes.name ?? '').replaceAll('\\', '/').split('/').at(-1) ?? '';
        declared.tests += count('total');
        declared.red += count('failed') + count('errors');
      }
      if (entered.has(name)) return 'enter';
      return name === 'test' || name === 'error' ? 'take' : 'skip';
    },
    take: (path, element) => {
      if (path.at(-1) === 'error') errors += 1;
      book.add(path.at(-1) === 'test' ? draftOf(element, assembly) : errorOf(element, assembly));
    },
    // `total` counts tests only.
    end: () =>
      declareRed(book, { tests: declared.tests === 0 ? undefined : declared.tests + errors, red: declared.red }),
  };
}

const outcomes = new Map<string | undefined, TestOutcome>([
  ['Pass', 'passed'],
  ['Fail', 'failed'],
  ['Skip', 'skipped'],
  ['NotRun', 'skipped'],
]);

function draftOf(test: XmlElement, assembly: string): DraftTest {
  const { name = '', type, result, time } = test.attributes;
  const outcome = outcomes.get(result) ?? 'errored';
  const reason = textOf(test, 'reason') ?? textOf(test, 'reason', 'message');
  return {
    suite: [assembly],
    className: type ?? null,
    name: type !== undefined && name.startsWith(`${type}.`) ? name.slice(type.length + 1) : name,
    outcome,
    durationMs: time === undefined ? undefined : millisecondsOf(time),
    file: test.attributes['source-file'],
    line: countOf(test.attributes['source-line'] ?? '') ?? undefined,
    message:
      textOf(test, 'failure', 'message') ??
      reason ??
      (outcome === 'errored' ? `result ${result ?? 'missing'}` : undefined),
    failureType: childOf(test, 'failure')?.attributes['exception-type'],
    stack: textOf(test, 'failure', 'stack-trace'),
    stdout: textOf(test, 'output'),
    properties: childrenOf(childOf(test, 'traits'), 'trait').map(({ attributes }) => ({
      name: attributes.name ?? '',
      value: attributes.value ?? '',
    })),
  };
}

function errorOf(error: XmlElement, assembly: string): DraftTest {
  const { type = 'error', name } = error.attributes;
  const message = textOf(error, 'failure', 'message') ?? 'an error outside of tests';
  return {
    suite: [assembly],
    name: name === undefined || name === '' ? `(${type})` : `(${type}) ${name}`,
    outcome: 'errored',
    message,
    failureType: childOf(error, 'failure')?.attributes['exception-type'],
    stack: textOf(error, 'failure', 'stack-trace'),
  };
}
