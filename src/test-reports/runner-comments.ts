import type { ReportProblem, TestTotals } from '../core/test-report.ts';

/** What node's reporter writes as comments at the end of the root: `<!-- tests 8 -->`, `<!-- pass 5 -->` and so on. */
export interface RunnerComments {
  read(comment: string): void;
  summary(): TestTotals | null;
  check(shown: ShownTests): ReportProblem | null;
}

/** `suiteElements` and `redSuites`: suites in the report, and those with a failed test somewhere in them. */
interface ShownTests {
  readonly totals: TestTotals;
  readonly suiteElements: number;
  readonly redSuites: number;
}

export function makeRunnerComments(): RunnerComments {
  const figures = new Map<string, number>();
  const figure = (name: string): number => figures.get(name) ?? 0;
  const read = (comment: string): void => {
    const match = /^ (tests|suites|pass|fail|cancelled|skipped|todo) (\d{1,12}) $/.exec(comment);
    if (match?.[1] !== undefined) figures.set(match[1], Number(match[2]));
  };
  const summary = (): TestTotals | null => {
    if (!['tests', 'suites', 'pass', 'fail'].every((name) => figures.has(name))) return null;
    const failed = figure('fail') + figure('cancelled');
    return {
      tests: figure('tests'),
      passed: figure('pass'),
      failed,
      errored: 0,
      skipped: figure('skipped') + figure('todo'),
    };
  };
  const check = (shown: ShownTests): ReportProblem | null => {
    const declared = summary();
    return declared === null ? null : compare(declared, shown, Math.max(0, shown.suiteElements - figure('suites')));
  };
  return { read, summary, check };
}

/**
 * node counts a test with subtests as a test, but writes it as a suite, and leaves its own failure out: with green subtests
 * the report looks green. `parents` is how many such tests there are; each explains one test, and one failure if a subtest failed.
 */
function compare(declared: TestTotals, shown: ShownTests, parents: number): ReportProblem | null {
  const { totals } = shown;
  const red = totals.failed + totals.errored;
  const figures = `the runner counts ${declared.tests} tests, ${declared.failed} failed; the report shows ${totals.tests} tests, ${red} failed`;
  if (declared.failed > red + Math.min(parents, shown.redSuites)) {
    const message = `${figures} and ${parents} tests with subtests, whose own failure it cannot show`;
    return { code: 'totals-hide-failures', weight: 'doubt', message };
  }
  if (declared.tests > totals.tests + parents) return { code: 'totals-hide-tests', weight: 'doubt', message: figures };
  return null;
}
