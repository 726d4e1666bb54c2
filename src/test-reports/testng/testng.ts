import type { TestAttempt, TestOutcome } from '../../core/test-report.ts';
import type { CaseBook, DraftTest } from '../case-book.ts';
import { decodeHead } from '../decode.ts';
import type { ReportFormat } from '../report-format.ts';
import { countOf } from '../report-numbers.ts';
import type { Attributes } from '../xml/xml-events.ts';
import { childOf, childrenOf, textOf, type XmlElement, type XmlReader, xmlFormat } from '../xml/xml-picker.ts';
import { firstMarkup } from '../xml/xml-prolog.ts';

/** TestNG's own XML. Set-up and clean-up methods are told only where they failed, and are red. */
export const testng: ReportFormat = {
  name: 'testng',
  detect: (head) => {
    const first = firstMarkup(decodeHead(head));
    return first.is === 'element' && first.name === 'testng-results';
  },
  read: xmlFormat(makeReader),
};

function makeReader(book: CaseBook): XmlReader {
  const names: string[] = [];
  const retried = new Map<string, TestAttempt[]>();
  let root: Attributes | null = null;
  let brokenHooks = 0;
  const add = (method: XmlElement): void => {
    const draft = draftOf(method, names.slice(1, 3), names[3] ?? null);
    const key = `${names.join('\n')}\n${draft.name}`;
    const before = retried.get(key) ?? [];
    if (method.attributes['is-config'] === 'true') {
      if (draft.outcome !== 'failed') return;
      brokenHooks += 1;
      book.add({ ...draft, outcome: 'errored' });
    } else if (method.attributes.retried === 'true')
      retried.set(key, [...before, { outcome: 'failed', ...messageOf(draft) }]);
    else {
      retried.delete(key);
      book.add(
        before.length === 0
          ? draft
          : { ...draft, attempts: [...before, { outcome: draft.outcome, ...messageOf(draft) }] },
      );
    }
  };
  return {
    choose: (path, attributes) => {
      const name = path.at(-1);
      if (path.length === 1) root = attributes;
      if (name === 'suite' || name === 'test' || name === 'class') names[path.length - 1] = attributes.name ?? '';
      if (path.length === 1 || name === 'suite' || name === 'test' || name === 'class') return 'enter';
      return name === 'test-method' ? 'take' : 'skip';
    },
    take: (_, element) => add(element),
    end: () => {
      if (root !== null) declareRoot(book, root, brokenHooks);
    },
  };
}

function messageOf({ message }: DraftTest): { message?: string } {
  return message === undefined ? {} : { message };
}

function declareRoot(book: CaseBook, root: Attributes, brokenHooks: number): void {
  const failed = countOf(root.failed ?? '');
  if (failed !== null) book.declare({ failed, errored: brokenHooks });
}

const outcomes = new Map<string | undefined, TestOutcome>([
  ['PASS', 'passed'],
  ['FAIL', 'failed'],
  ['SKIP', 'skipped'],
]);

function draftOf(method: XmlElement, suite: readonly string[], className: string | null): DraftTest {
  const { name = '', status } = method.attributes;
  const params = childrenOf(childOf(method, 'params'), 'param').map((param) => textOf(param, 'value') ?? '');
  const exception = childOf(method, 'exception');
  const outcome = outcomes.get(status) ?? 'errored';
  return {
    suite,
    className,
    name: params.length === 0 ? name : `${name}(${params.join(', ')})`,
    outcome,
    durationMs: countOf(method.attributes['duration-ms'] ?? ''),
    message:
      textOf(exception, 'message') ??
      exception?.attributes.class ??
      (outcome === 'errored' ? `status ${status ?? 'missing'}` : undefined),
    failureType: exception?.attributes.class,
    stack: textOf(exception, 'full-stacktrace') ?? textOf(exception, 'short-stacktrace'),
  };
}
