import type { TestOutcome } from '../../core/test-report.ts';
import { parseLine } from '../json/json-line.ts';
import { asText } from '../json/json-value.ts';
import { consoleWords, pytestLine } from '../pytest-console/pytest-line.ts';
import { pytestNames } from '../pytest-json/pytest-words.ts';
import { type LiveDialect, type LiveEvent, type LiveTest, nothing } from './live-dialect.ts';

const words = Object.keys(consoleWords).join('|');
const lateWord = new RegExp(`(?:^|\\s)(${words})(?: \\(.*\\))?(?:\\s+\\[\\s*\\d+%\\])?$`);

/** `pytest -v`: the test's name stands there before it runs, its outcome is written behind it. */
export const pytestConsole: LiveDialect = {
  name: 'pytest-console',
  begins: true,
  knows: (line) => /^=+ test session starts =+$/.test(line) || pytestLine(line) !== null,
  open({ junit }) {
    let running: string | null = null;
    let over = false;
    const named = (node: string) => pytestTest(node, junit);
    return {
      take(line) {
        if (over) return nothing;
        if (/^=+ (?:FAILURES|ERRORS|short test summary info|warnings summary|.* in [\d.]+s.*) =+$/.test(line)) {
          over = true;
          return [{ is: 'over' }];
        }
        const ended = pytestLine(line);
        const before = running;
        if (ended !== null) running = null;
        if (ended !== null) return [{ is: 'ended', test: named(ended.node), outcome: consoleWords[ended.word] }];
        const begun = nodeOf(line);
        if (begun !== null) running = begun;
        // What the test itself printed stands between its name and its outcome.
        const late = running === null ? null : lateWord.exec(line);
        if (running !== null && late?.[1] !== undefined) {
          const test = named(running);
          running = null;
          return [{ is: 'ended', test, outcome: consoleWords[late[1] as keyof typeof consoleWords] }];
        }
        return begun === null || begun === before ? nothing : [{ is: 'began', test: named(begun) }];
      },
      partial(text) {
        const begun = over ? null : nodeOf(text, false);
        if (begun === null || begun === running) return nothing;
        running = begun;
        return [{ is: 'began', test: named(begun) }];
      },
    };
  },
};

/** `a.py::TestX::test_y[1 2]`, in a line that is not ended yet with the space that waits for the outcome. */
function nodeOf(line: string, isEnded = true): string | null {
  const told = /^(\S+\.py::[^\s[]+(?:\[.*?\])?)( |$)/.exec(line);
  return told?.[1] !== undefined && (isEnded || told[2] === ' ') ? told[1] : null;
}

/** pytest-reportlog: a line after each of a test's phases; the first tells that its call begins. */
export const pytestReportlog: LiveDialect = {
  name: 'pytest-reportlog',
  begins: true,
  knows: (line) => line.includes('"$report_type"') && parseLine(line) !== null,
  open({ junit }) {
    const worst = new Map<string, TestOutcome>();
    return {
      take(line): readonly LiveEvent[] {
        const event = parseLine(line);
        if (event?.$report_type === 'SessionFinish') return [{ is: 'over' }];
        const node = asText(event?.nodeid);
        if (event === null || event.$report_type !== 'TestReport' || node === undefined) return nothing;
        const test = pytestTest(node, junit);
        const told = phaseOutcome(asText(event.when), asText(event.outcome));
        const outcome = worse(worst.get(node), told);
        worst.delete(node);
        if (event.when === 'teardown') return [{ is: 'ended', test, outcome }];
        if (worst.size < runningMax) worst.set(node, outcome);
        return event.when === 'setup' && told === 'passed' ? [{ is: 'began', test }] : nothing;
      },
    };
  },
};

const runningMax = 10_000;

function phaseOutcome(when: string | undefined, outcome: string | undefined): TestOutcome {
  if (outcome === 'failed') return when === 'call' ? 'failed' : 'errored';
  return outcome === 'skipped' ? 'skipped' : 'passed';
}

function worse(one: TestOutcome | undefined, other: TestOutcome): TestOutcome {
  const order: readonly TestOutcome[] = ['failed', 'errored', 'skipped'];
  return order.find((outcome) => outcome === one || outcome === other) ?? 'passed';
}

/** Its JUnit report says `pytest > tests.test_a.TestX > test_y` of `tests/test_a.py::TestX::test_y`. */
function pytestTest(node: string, junit: boolean): LiveTest {
  const { suite, name, file } = pytestNames(node);
  if (!junit) return { suite, name };
  const className = [file.replace(/\.py$/, '').replaceAll('/', '.'), ...suite.slice(1)].join('.');
  return { suite: ['pytest'], className, name, levels: [...suite, name] };
}
