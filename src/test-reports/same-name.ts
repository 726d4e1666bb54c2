import type { ReportProblem, TestOutcome } from '../core/test-report.ts';

/** A test whose id was there before, and the latest one that had it. */
export interface Namesakes {
  readonly id: string;
  readonly before: { readonly id: string; readonly outcome: TestOutcome };
  readonly outcome: TestOutcome;
  /** Whether suite, class, name, file and line are the same too. */
  readonly isSameTest: () => boolean;
}

/** Keeps the tests of one suite apart by their ids, or joins those that are attempts of one test. */
export interface SameName {
  /** Whether it becomes an attempt of the earlier one; else it gets a number. */
  joins(met: Namesakes): boolean;
  problems(): ReportProblem[];
}

/**
 * `join`: the runner repeats red tests and writes every attempt as a test of the same name. An attempt follows a red one and
 * nothing else: what comes after a pass is another test. Without it every test of a name counts, so that nothing red is lost.
 */
export function makeSameName(join: boolean): SameName {
  const told: Told = { numbered: null, afterRed: false, afterPass: null, joined: 0, green: null };
  const joins = (met: Namesakes): boolean => {
    const { id, before, outcome } = met;
    if (join && isNextAttempt(met)) {
      told.joined += 1;
      if (outcome === 'passed') told.green ??= before.id;
      return true;
    }
    told.numbered = { first: told.numbered?.first ?? id, tests: (told.numbered?.tests ?? 0) + 1 };
    told.afterRed ||= isRed(before.outcome);
    if (before.outcome === 'passed') told.afterPass ??= id;
    return false;
  };
  return { joins, problems: () => (join ? joinedProblems(told) : numberedProblems(told)) };
}

/** What is met on the way, for the sentences at the end. Ids are the first of their kind. */
interface Told {
  numbered: { first: string; tests: number } | null;
  afterRed: boolean;
  afterPass: string | null;
  joined: number;
  green: string | null;
}

function isRed(outcome: TestOutcome): boolean {
  return outcome === 'failed' || outcome === 'errored';
}

/** A skip is no attempt: it would end a red test without a pass. */
function isNextAttempt({ before, outcome, isSameTest }: Namesakes): boolean {
  return isRed(before.outcome) && outcome !== 'skipped' && isSameTest();
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
