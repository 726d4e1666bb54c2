import { stripVTControlCharacters } from 'node:util';
import type { ReportProblem, TestTotals } from '../../core/test-report.ts';
import type { CaseBook } from '../case-book.ts';
import { pytest } from '../console-runners.ts';
import { decodeHead } from '../decode.ts';
import { splitLines } from '../lines.ts';
import { pytestNames } from '../pytest-json/pytest-words.ts';
import { type TextReader, textFormat } from '../read-text.ts';
import { Refusal } from '../refusal.ts';
import type { ReportFormat } from '../report-format.ts';
import { consoleWords, type NamedTest, pytestLine } from './pytest-line.ts';
import { makePytestSession } from './pytest-session.ts';
import { makeSkipReasons } from './skip-reasons.ts';

/**
 * What pytest prints. Tests are named as far as it names them (`-v`, the short summary); those it only counts stand there
 * without a name, so that the totals are whole.
 */
export const pytestConsole: ReportFormat = {
  name: 'pytest-console',
  detect: (head) => {
    const text = stripVTControlCharacters(decodeHead(head));
    return /^=+ (?:test session starts|short test summary info|ERRORS|FAILURES) =+\s*$/m.test(text);
  },
  read: textFormat(makeReader),
};

function makeReader(book: CaseBook): TextReader {
  const named = new Map<string, NamedTest>();
  const lines = new Set<string>();
  let totals: TestTotals | null = null;
  let started = 0;
  let running: string | null = null;
  const session = makePytestSession();
  const skips = makeSkipReasons();
  const note = (test: NamedTest): void => {
    lines.add(`${test.word} ${test.node}`);
    const before = named.get(test.node);
    if (before !== undefined && rank(before) > rank(test)) return;
    named.set(test.node, { ...test, message: test.message ?? before?.message });
  };
  const splitter = splitLines((raw) => {
    const line = stripVTControlCharacters(raw).trimEnd();
    if (/^=+ test session starts =+$/.test(line)) started += 1;
    if (started > 1) throw twoRuns();
    session.read(line);
    skips.read(line);
    if (pytest.starts.test(line)) {
      if (totals !== null) throw twoRuns();
      totals = pytest.totals(new Map(pytest.figures(line)));
      return;
    }
    const test = pytestLine(line);
    if (test !== null) note(test);
    running = test === null && /^\S+\.py::\S.*$/.test(line) ? line.trim() : line === '' ? running : null;
  }, book.limits);
  const addNamed = (): void => {
    for (const { node, word, message } of named.values()) {
      const outcome = consoleWords[word];
      const why = message ?? (outcome === 'skipped' ? skips.ofAll() : undefined);
      book.add({ ...pytestNames(node), outcome, message: why });
    }
  };
  const end = (): void => {
    splitter.end();
    addNamed();
    if (totals !== null) addUnnamed(book, totals, lines, skips.ofAll());
    const { tests } = book.totals();
    const problems = session.problems({ told: tests, closed: totals !== null });
    for (const problem of problems) book.problems.add(problem);
    if (totals === null) addKilled(book, running, problems);
    book.leftOut(session.notRun(tests));
  };
  return { write: splitter.write, end, place: splitter.place, abandon: addNamed };
}

/** A teardown that breaks is told after the pass: the worse word stays. */
function rank({ word }: NamedTest): number {
  const outcome = consoleWords[word];
  return outcome === 'failed' ? 3 : outcome === 'errored' ? 2 : 1;
}

const figures = ['passed', 'failed', 'errored', 'skipped'] as const;

/** The tests that the closing line counts and no line names. */
function addUnnamed(
  book: CaseBook,
  totals: TestTotals,
  lines: ReadonlySet<string>,
  skipReason: string | undefined,
): void {
  const words = [...lines].map((line) => consoleWords[line.slice(0, line.indexOf(' ')) as NamedTest['word']]);
  for (const outcome of figures) {
    const missing = totals[outcome] - words.filter((word) => word === outcome).length;
    for (let n = 1; n <= missing; n += 1)
      book.add({
        ...{ suite: [], name: `(${outcome} test without a name, ${n})`, outcome },
        message: outcome === 'skipped' ? skipReason : undefined,
      });
  }
  const { failed, errored } = book.totals();
  if (totals.failed + totals.errored > failed + errored)
    book.declare({ failed: totals.failed, errored: totals.errored });
}

/** A session that says itself why it has no end needs no second reason. */
function addKilled(book: CaseBook, running: string | null, problems: readonly ReportProblem[]): void {
  const message = 'the closing line (`== 1 passed in 0.1s ==`) is missing: the run was killed, or its end was cut off';
  if (problems.length === 0) book.problems.add({ code: 'killed-run', weight: 'doubt', message });
  if (running !== null)
    book.add({ ...pytestNames(running), outcome: 'errored', message: 'the run was killed while this test ran' });
}

function twoRuns(): Refusal {
  const hint = 'give each run its own file';
  return new Refusal({ reason: 'two-roots', message: 'the output holds two runs of pytest', hint });
}
