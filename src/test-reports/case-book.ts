import type { DeclaredTotals, TestAttempt, TestCase, TestOutcome, TestTotals } from '../core/test-report.ts';
import { capture, captured, makeCapture, own } from './capture.ts';
import { checkDeclared } from './check-declared.ts';
import { parseFrames } from './frames.ts';
import type { ReportLimits } from './limits.ts';
import type { ProblemList } from './problem-list.ts';
import { overLimit } from './refusal.ts';
import type { ReadFacts } from './report-format.ts';
import { makePlacing } from './report-paths.ts';
import { testId } from './test-id.ts';
import { noFrames, noProperties } from './test-parts.ts';
import { plainText, tidyName } from './tidy-name.ts';

/** A test as its format tells it. Texts may be of any length and hold anything. */
export interface DraftTest {
  /** From the outside in; empty parts are left out. */
  readonly suite: readonly string[];
  readonly className?: string | null;
  readonly name: string;
  readonly outcome: TestOutcome;
  readonly durationMs?: number | null | undefined;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly message?: string | undefined;
  readonly failureType?: string | undefined;
  readonly stack?: string | undefined;
  readonly stdout?: string | undefined;
  readonly stderr?: string | undefined;
  /** In the order they ran, the deciding one included; left out where nothing was retried. */
  readonly attempts?: readonly TestAttempt[] | undefined;
  readonly properties?: readonly { readonly name: string; readonly value: string }[] | undefined;
}

/** Turns drafts into tests, counts them, and says at the end what does not fit together. */
export interface CaseBook {
  readonly limits: ReportLimits;
  readonly problems: ProblemList;
  add(draft: DraftTest): void;
  /** What the report says about itself. */
  declare(declared: DeclaredTotals): void;
  /** What the runner's own closing summary says, where that counts otherwise than its tests are told. */
  summarize(summary: TestTotals): void;
  /** Tests that were collected and did not begin. */
  leftOut(tests: number): void;
  totals(): TestTotals;
  finish(complete: boolean): ReadFacts;
}

export function makeCaseBook(
  emit: (test: TestCase) => void,
  options: { readonly root: string; readonly limits: ReportLimits; readonly problems: ProblemList },
): CaseBook {
  const { limits, problems } = options;
  const totals = { tests: 0, passed: 0, failed: 0, errored: 0, skipped: 0 };
  const place = makePlacing(options.root);
  let declared: DeclaredTotals | null = null;
  let runnerSummary: TestTotals | null = null;
  let notRun = 0;
  const add = (draft: DraftTest): void => {
    if (totals.tests >= limits.cases) throw overLimit('tests', limits.cases, 'split the suite into several reports');
    totals.tests += 1;
    totals[draft.outcome] += 1;
    emit({ ...bareTest(draft, limits), ...placeOf(draft, place, problems), ...textsOf(draft, limits, options.root) });
  };
  const finish = (complete: boolean): ReadFacts => {
    const problem = complete && declared !== null ? checkDeclared(declared, totals) : null;
    if (problem !== null) problems.add(problem);
    return { totals, declared, runnerSummary, ...(notRun > 0 ? { notRun } : {}), problems: problems.all() };
  };
  return {
    limits,
    problems,
    add,
    declare: (given) => {
      declared = given;
    },
    summarize: (given) => {
      runnerSummary = given;
    },
    leftOut: (tests) => {
      notRun = tests;
    },
    totals: () => totals,
    finish,
  };
}

type Bare = Pick<
  TestCase,
  'id' | 'suite' | 'className' | 'name' | 'outcome' | 'durationMs' | 'frames' | 'attempts' | 'properties'
>;

/** What a test is called, in every report and in every stream alike. */
export function namesOf(
  draft: Pick<DraftTest, 'suite' | 'className' | 'name'>,
  { nameChars }: Pick<ReportLimits, 'nameChars'>,
): Pick<TestCase, 'id' | 'suite' | 'className' | 'name'> {
  const tidy = (name: string): string => tidyName(plainText(name), nameChars);
  const suite = tidy(draft.suite.filter((part) => part !== '').join(' > '));
  const className = draft.className ? tidy(draft.className) : null;
  const name = draft.name === '' ? (className ?? '(no name)') : tidy(draft.name);
  return { id: testId(suite, className, name), suite, className, name };
}

function bareTest(draft: DraftTest, limits: ReportLimits): Bare {
  return {
    ...namesOf(draft, limits),
    outcome: draft.outcome,
    durationMs: durationOf(draft.durationMs),
    frames: noFrames,
    attempts: attemptsOf(draft, limits.keptChars),
    properties: propertiesOf(draft, limits.keptChars),
  };
}

function durationOf(given: number | null | undefined): number | null {
  return given != null && Number.isFinite(given) && given >= 0 ? Math.round(given * 1000) / 1000 : null;
}

function attemptsOf(draft: DraftTest, keptChars: number): readonly TestAttempt[] {
  const only: TestAttempt = {
    outcome: draft.outcome,
    ...(draft.message === undefined ? {} : { message: draft.message }),
  };
  const attempts = draft.attempts === undefined || draft.attempts.length === 0 ? [only] : draft.attempts;
  return attempts.map(({ outcome, message }) => {
    const text = kept(message, keptChars);
    return text === undefined ? { outcome } : { outcome, message: text };
  });
}

function propertiesOf(draft: DraftTest, keptChars: number): TestCase['properties'] {
  if (draft.properties === undefined || draft.properties.length === 0) return noProperties;
  return draft.properties.map(({ name, value }) => ({
    name: plainText(name.slice(0, keptChars)),
    value: plainText(value.slice(0, keptChars)),
  }));
}

function placeOf(draft: DraftTest, place: (name: string) => string | null, problems: ProblemList): Partial<TestCase> {
  if (!draft.file) return {};
  const file = place(draft.file);
  if (file === null) {
    const message = `the file name "${plainText(draft.file.slice(0, 80))}" lies outside of the suite's folder and is left out`;
    problems.once({ code: 'path-outside', weight: 'note', message });
    return {};
  }
  const { line } = draft;
  return line !== undefined && Number.isSafeInteger(line) && line > 0 ? { file, line } : { file };
}

function textsOf(draft: DraftTest, limits: ReportLimits, root: string): Partial<TestCase> {
  const message = kept(draft.message, limits.keptChars);
  const red = draft.outcome === 'failed' || draft.outcome === 'errored';
  const stack = red ? kept(draft.stack, limits.keptChars) : undefined;
  const stdout = kept(draft.stdout, limits.keptChars);
  const stderr = kept(draft.stderr, limits.keptChars);
  const frames = stack === undefined ? [] : parseFrames(stack, root);
  return {
    ...(message === undefined ? {} : { message }),
    ...(draft.failureType ? { failureType: tidyName(plainText(draft.failureType), limits.nameChars) } : {}),
    ...(stack === undefined ? {} : { stack }),
    ...(frames.length === 0 ? {} : { frames }),
    ...(stdout === undefined ? {} : { stdout }),
    ...(stderr === undefined ? {} : { stderr }),
  };
}

/** Up to the limit, with the number of characters that were left out; undefined for blank text. */
function kept(text: string | undefined, limit: number): string | undefined {
  if (text === undefined || text === '') return undefined;
  const into = makeCapture(limit);
  capture(into, plainText(text.length > 8 * limit ? text.slice(0, 8 * limit) : text));
  const plain = captured(into);
  return plain === '' ? undefined : own(plain);
}
