import type { ReportProblem } from '../../core/test-report.ts';
import { collectionProblem } from '../collection-problem.ts';
import { pytestLine } from './pytest-line.ts';

/** What pytest prints about the session itself, beside its tests. */
export interface PytestSession {
  read(line: string): void;
  /** Tests that were collected and did not run because pytest was told to stop at so many failures. */
  notRun(told: number): number;
  /** `told`: tests with an outcome. `closed`: the closing line was there. */
  problems(end: { told: number; closed: boolean }): ReportProblem[];
}

const textCharsMax = 300;

export function makePytestSession(): PytestSession {
  const broken = new Set<string>();
  let [collected, collectErrors, listed] = [0, 0, 0];
  let collecting = false;
  let [stopped, error, crash]: (string | null)[] = [null, null, null];
  const read = (line: string): void => {
    const test = pytestLine(line);
    if (test?.word === 'ERROR' && !test.node.includes('::')) broken.add(test.node);
    if (/^collecting \.\.\./.test(line)) collecting = true;
    const count = /\b(?:collected (\d+) items?|(\d+) tests? collected)\b(.*)$/.exec(line);
    if (count !== null) {
      collecting = false;
      const of = (word: string): number => Number(new RegExp(`(\\d+) ${word}`).exec(count[3] ?? '')?.[1] ?? 0);
      collected = Number(count[1] ?? count[2]) - of('deselected');
      collectErrors = of('errors?');
      if (count[2] !== undefined) listed = collected;
    }
    if (/^ *<(?:Dir|Package|Module|Class|Function|Coroutine|TestCaseFunction|UnitTestCase) .+>$/.test(line))
      listed += 1;
    stopped ??= textOf(/^!{3,} (.+?) !{3,}$/, line);
    error ??= textOf(/^(?:collecting \.\.\. )?((?:ERROR: |INTERNALERROR> \w*(?:Error|Exception)\b).+)$/, line);
    crash = textOf(/^((?:\w+\.)*\w+(?:Error|Exception)\b: .+)$/, line) ?? crash;
  };
  const stoppedEarly = (): boolean => stopped?.startsWith('stopping after') ?? false;
  const notRun = (told: number): number =>
    stoppedEarly() && listed === 0 && told > 0 ? Math.max(0, collected - told) : 0;
  const problems = ({ told, closed }: { told: number; closed: boolean }): ReportProblem[] => {
    if (collecting && !closed) return [hungInCollection];
    const found: ReportProblem[] = [];
    if (listed > 0) found.push(listOnly(collected === 0 ? listed : collected));
    const files = Math.max(collectErrors, broken.size);
    if (files > 0) found.push(collectionProblem(files, stoppedEarly() ? `pytest stopped (${stopped})` : undefined));
    if (error !== null) found.push(failed(`pytest stopped: ${error}`));
    if (found.length > 0 || !closed || told >= collected || notRun(told) > 0) return found;
    const why = crash === null ? '' : ` (${crash})`;
    const rest = stopped === null ? 'the runner crashed' : `pytest stopped: ${stopped}`;
    return [failed(`pytest collected ${collected} tests and tells the outcome of ${told}: ${rest}${why}`)];
  };
  return { read, notRun, problems };
}

function textOf(pattern: RegExp, line: string): string | null {
  return (
    pattern
      .exec(line)?.[1]
      ?.slice(0, textCharsMax)
      .replace(/^INTERNALERROR> /, 'internal error: ') ?? null
  );
}

function failed(message: string): ReportProblem {
  return { code: 'runner-failed', weight: 'doubt', message };
}

function listOnly(tests: number): ReportProblem {
  const message = `the output lists ${tests} collected tests (--collect-only), and none of them ran`;
  return { code: 'collect-only', weight: 'doubt', message };
}

const hungInCollection: ReportProblem = {
  code: 'killed-run',
  weight: 'doubt',
  message: 'the output ends at "collecting ...": pytest hung, or was killed, while it collected its tests',
};
