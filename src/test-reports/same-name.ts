import type { ReportProblem, TestCase } from '../core/test-report.ts';
import { makeSeenIds } from './seen-ids.ts';

/** Keeps the tests of one suite apart by their ids, or joins those that are attempts of one test. */
export interface SameName {
  /** Takes a test; one whose id was there before gets a number, or becomes an attempt of the earlier one. */
  readonly keep: (test: TestCase) => void;
  problems(): ReportProblem[];
}

/**
 * `join`: the runner repeats red tests and writes every attempt as a test of the same name. An attempt follows a red one and
 * nothing else: what comes after a pass is another test. Without it every test of a name counts, so that nothing red is lost.
 */
export function makeSameName(tests: TestCase[], join: boolean): SameName {
  const seen = makeSeenIds(tests);
  const latest = new Map<string, { place: number; times: number }>();
  const told: Told = { numbered: null, afterRed: false, afterPass: null, joined: 0, green: null };
  const keep = (test: TestCase): void => {
    const first = seen.firstLike(test, tests.length);
    if (first === null) {
      tests.push(test);
      return;
    }
    const { place, times } = latest.get(test.id) ?? { place: first, times: 1 };
    const before = tests[place];
    if (join && before !== undefined && isNextAttempt(test, before)) {
      tests[place] = withAttempt(before, test);
      told.joined += 1;
      if (test.outcome === 'passed') told.green ??= before.id;
      return;
    }
    told.numbered = { first: told.numbered?.first ?? test.id, tests: (told.numbered?.tests ?? 0) + 1 };
    told.afterRed ||= before !== undefined && isRed(before);
    if (before?.outcome === 'passed') told.afterPass ??= test.id;
    latest.set(test.id, { place: tests.length, times: times + 1 });
    tests.push({ ...test, id: `${test.id} #${times + 1}` });
  };
  return { keep, problems: () => (join ? joinedProblems(told) : numberedProblems(told)) };
}

/** What is met on the way, for the sentences at the end. Ids are the first of their kind. */
interface Told {
  numbered: { first: string; tests: number } | null;
  afterRed: boolean;
  afterPass: string | null;
  joined: number;
  green: string | null;
}

function isRed({ outcome }: TestCase): boolean {
  return outcome === 'failed' || outcome === 'errored';
}

/** A skip is no attempt: it would end a red test without a pass. */
function isNextAttempt(test: TestCase, before: TestCase): boolean {
  const samePlace = test.file === before.file && test.line === before.line;
  const sameNames =
    test.suite === before.suite && test.className === before.className && test.name === before.name && samePlace;
  return sameNames && isRed(before) && test.outcome !== 'skipped';
}

function withAttempt(before: TestCase, test: TestCase): TestCase {
  return { ...test, id: before.id, attempts: [...before.attempts, ...test.attempts] };
}

function numberedProblems({ numbered, afterRed }: Told): ReportProblem[] {
  if (numbered === null) return [];
  const hint = afterRed ? '; if the runner repeats red tests, say so with "retries: same-name"' : '';
  const message = `${some(numbered.tests)} the name of an earlier one and counts by itself, first ${quoted(numbered.first)}${hint}`;
  return [{ code: 'repeated-test', weight: 'note', message }];
}

/** Where names are not unique, a pass after a red test may be another test: the red one must not be lost in it. */
function joinedProblems({ numbered, afterPass, joined, green }: Told): ReportProblem[] {
  const problems: ReportProblem[] = [];
  if (joined > 0) {
    const message = `${joined} attempts were joined with an earlier red one of the same name`;
    problems.push({ code: 'joined-attempts', weight: 'note', message });
  }
  if (afterPass !== null && green !== null) {
    const message =
      `names are not unique: ${quoted(afterPass)} came again after it had passed, so that the pass of ` +
      `${quoted(green)} may be another test's and no retry`;
    problems.push({ code: 'repeated-test', weight: 'doubt', message });
  } else if (numbered !== null) problems.push(...numberedProblems({ ...bare, numbered }));
  return problems;
}

const bare: Told = { numbered: null, afterRed: false, afterPass: null, joined: 0, green: null };

function some(tests: number): string {
  return tests === 1 ? '1 test has' : `${tests} tests have`;
}

function quoted(id: string): string {
  return `"${id.slice(0, 80)}"`;
}
