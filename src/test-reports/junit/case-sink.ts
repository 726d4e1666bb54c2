import type { TestCase } from '../../core/test-report.ts';
import { collectionProblem } from '../collection-problem.ts';
import { overLimit } from '../refusal.ts';
import type { ReadFacts } from '../report-format.ts';
import { makeRunnerComments } from '../runner-comments.ts';
import type { PassedTest } from '../test-store.ts';
import type { Attributes } from '../xml/xml-events.ts';
import { checkDeclared, makeDeclaredBook } from './declared-totals.ts';
import { finishCase } from './finish-case.ts';
import type { JUnitContext } from './junit-context.ts';
import { type OpenCase, type OpenResult, openCase } from './open-case.ts';
import { addInner, countTest, type ElementCounts, type OpenSuite, openSuite } from './open-suite.ts';
import { makePlainCase, type PlainCase, passedTest } from './plain-case.ts';
import { foldTeardown, isTeardownOf } from './teardown.ts';

/** Keeps the books: which suite is open, how many tests it holds, what it said it would hold. */
export interface CaseSink {
  openSuite(element: string, attributes: Attributes, line: number): void;
  closeSuite(): void;
  /** Refuses when the report holds as many tests as it may; to be asked before each. */
  makeRoom(): void;
  addCase(open: OpenCase): void;
  /** To be filled before `addPlain`. */
  plain(): PlainCase;
  /** Adds the test that `plain` was filled with. */
  addPlain(): void;
  suite(): OpenSuite | undefined;
  addSuiteFailure(result: OpenResult): void;
  readComment(comment: string): void;
  finish(complete: boolean): ReadFacts;
}

export interface Emits {
  readonly test: (test: TestCase) => void;
  readonly passed: (test: PassedTest) => void;
}

export function makeCaseSink(emit: Emits, context: JUnitContext): CaseSink {
  const { limits, problems } = context;
  const suites: OpenSuite[] = [];
  const declared = makeDeclaredBook();
  const comments = makeRunnerComments();
  const totals = { tests: 0, passed: 0, failed: 0, errored: 0, skipped: 0 };
  let suitesSeen = 0;
  let redSuites = 0;
  let broken = 0;
  // The latest test waits for its successor, which in pytest's reports may be its own broken teardown.
  let held: { test: TestCase; elements: ElementCounts } | 'plain' | null = null;
  let heldPlain = makePlainCase(limits.nameChars);
  let nextPlain = makePlainCase(limits.nameChars);

  const release = (): void => {
    if (held === null) return;
    const outcome = held === 'plain' ? 'passed' : held.test.outcome;
    const suite = suites.at(-1);
    if (suite !== undefined) countTest(suite, outcome, held === 'plain' ? noElements : held.elements);
    totals.tests += 1;
    totals[outcome] += 1;
    if (held === 'plain') emit.passed(heldPlain);
    else emit.test(held.test);
    held = null;
  };
  const makeRoom = (): void => {
    if (totals.tests + (held === null ? 0 : 1) < limits.cases) return;
    throw overLimit('tests', limits.cases, 'split the suite into several reports');
  };
  const addCase = (open: OpenCase): void => {
    const test = finishCase(open, suites.at(-1), context);
    const elements = elementsOf(open);
    if (held === 'plain' && test.outcome === 'errored') held = { test: passedTest(heldPlain), elements: noElements };
    if (held !== null && held !== 'plain' && isTeardownOf(test, held.test)) {
      held = { test: foldTeardown(held.test, test), elements: sumOf(held.elements, elements) };
      return;
    }
    release();
    // pytest's words for a file that it could not import.
    if (test.outcome === 'errored' && test.message === 'collection failure') broken += 1;
    held = { test, elements };
  };
  const addPlain = (): void => {
    release();
    [heldPlain, nextPlain] = [nextPlain, heldPlain];
    held = 'plain';
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
    plain: () => nextPlain,
    addPlain,
    suite: () => suites.at(-1),
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
