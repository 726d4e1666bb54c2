import type { TestCase } from '../../core/test-report.ts';
import { collectionProblem } from '../collection-problem.ts';
import { overLimit } from '../refusal.ts';
import type { ReadFacts } from '../report-format.ts';
import { makeRunnerComments } from '../runner-comments.ts';
import type { Attributes } from '../xml/xml-events.ts';
import { checkDeclared, makeDeclaredBook } from './declared-totals.ts';
import { finishCase } from './finish-case.ts';
import type { JUnitContext } from './junit-context.ts';
import { type OpenCase, type OpenResult, openCase } from './open-case.ts';
import { addInner, countTest, type ElementCounts, type OpenSuite, openSuite } from './open-suite.ts';
import { foldTeardown, isTeardownOf } from './teardown.ts';

/** Keeps the books: which suite is open, how many tests it holds, what it said it would hold. */
export interface CaseSink {
  openSuite(element: string, attributes: Attributes, line: number): void;
  closeSuite(): void;
  /** Refuses when the report holds as many tests as it may; to be asked before each. */
  makeRoom(): void;
  addCase(open: OpenCase): void;
  addSuiteFailure(result: OpenResult): void;
  readComment(comment: string): void;
  finish(complete: boolean): ReadFacts;
}

export function makeCaseSink(emit: (test: TestCase) => void, context: JUnitContext): CaseSink {
  const { limits, problems } = context;
  const suites: OpenSuite[] = [];
  const declared = makeDeclaredBook();
  const comments = makeRunnerComments();
  const totals = { tests: 0, passed: 0, failed: 0, errored: 0, skipped: 0 };
  let suitesSeen = 0;
  let redSuites = 0;
  let broken = 0;
  // The latest test waits for its successor, which in pytest's reports may be its own broken teardown.
  let held: { test: TestCase; elements: ElementCounts } | null = null;

  const release = (): void => {
    if (held === null) return;
    const suite = suites.at(-1);
    if (suite !== undefined) countTest(suite, held.test.outcome, held.elements);
    totals.tests += 1;
    totals[held.test.outcome] += 1;
    emit(held.test);
    held = null;
  };
  const makeRoom = (): void => {
    if (totals.tests + (held === null ? 0 : 1) < limits.cases) return;
    throw overLimit('tests', limits.cases, 'split the suite into several reports');
  };
  const addCase = (open: OpenCase): void => {
    const test = finishCase(open, suites.at(-1), context);
    const elements = elementsOf(open);
    if (held !== null && isTeardownOf(test, held.test)) {
      held = { test: foldTeardown(held.test, test), elements: sumOf(held.elements, elements) };
      return;
    }
    release();
    // pytest's words for a file that it could not import.
    if (test.outcome === 'errored' && test.message === 'collection failure') broken += 1;
    held = { test, elements };
  };
  const addSuiteFailure = (result: OpenResult): void => {
    makeRoom();
    const suite = suites.at(-1);
    const message = `the suite "${suite?.name.slice(0, 80) ?? ''}" failed outside of its tests; counted as one more test`;
    problems.add({ code: 'suite-failed', weight: 'note', message, line: suite?.line ?? 1 });
    const open = openCase({ name: '(the suite itself)' }, suite?.line ?? 1);
    open.results.push(result);
    addCase(open);
  };
  const closeSuite = (): void => {
    release();
    const suite = suites.pop();
    if (suite === undefined) return;
    declared.suiteClosed(suite, suites.length + 1);
    const problem = checkDeclared(suite);
    const outer = suites.at(-1);
    if (outer === undefined) {
      // The root only repeats what one of its suites has said already.
      if (problem !== null) problems.once(problem);
      return;
    }
    if (problem !== null) problems.add(problem);
    addInner(outer, suite);
    if (suite.all.failed + suite.all.errored > 0) redSuites += 1;
  };
  const finish = (complete: boolean): ReadFacts => {
    release();
    if (broken > 0) problems.add(collectionProblem(broken));
    const problem = complete ? comments.check({ totals, suiteElements: suitesSeen, redSuites }) : null;
    if (problem !== null) problems.add(problem);
    return { totals, declared: declared.total(), runnerSummary: comments.summary(), problems: problems.all() };
  };
  return {
    openSuite: (element, attributes, line) => {
      release();
      if (suites.length > 0) suitesSeen += 1;
      suites.push(openSuite(element, attributes, suites.at(-1), { line, nameChars: limits.nameChars, problems }));
    },
    closeSuite,
    makeRoom,
    addCase,
    addSuiteFailure,
    readComment: comments.read,
    finish,
  };
}

function elementsOf(open: OpenCase): ElementCounts {
  if (open.results.length === 0) return noElements;
  const count = (kind: string): number => open.results.filter((result) => result.kind === kind).length;
  return { failureElements: count('failure'), errorElements: count('error') };
}

const noElements: ElementCounts = Object.freeze({ failureElements: 0, errorElements: 0 });

function sumOf(left: ElementCounts, right: ElementCounts): ElementCounts {
  return {
    failureElements: left.failureElements + right.failureElements,
    errorElements: left.errorElements + right.errorElements,
  };
}
