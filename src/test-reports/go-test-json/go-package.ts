import type { TestOutcome } from '../../core/test-report.ts';
import { type Capture, capture, makeCapture } from '../capture.ts';
import type { DraftTest } from '../case-book.ts';
import type { ReportLimits } from '../limits.ts';
import { overLimit } from '../refusal.ts';
import { printedResult } from './printed-result.ts';

/** One package's tests while `go test` runs them. A parent of subtests is a test of its own, as go itself counts. */
export interface GoPackage {
  run(test: string): void;
  /** `test` null: the package's own output. */
  output(test: string | null, text: string): void;
  attribute(test: string, name: string, value: string): void;
  result(test: string, outcome: TestOutcome, durationMs: number | undefined): void;
  /** Ends the package: every test that never ended becomes a red one. `ended`: what go said of the package, null for a killed run. */
  close(name: string, ended: 'passed' | 'failed' | null): readonly DraftTest[];
}

interface GoTest {
  readonly name: string;
  readonly text: Capture;
  /** What the test itself printed last (`--- PASS:`), which stands where its event is missing. */
  printed: TestOutcome | null;
  properties: { name: string; value: string }[];
}

export function makeGoPackage(limits: ReportLimits): GoPackage {
  const running = new Map<string, GoTest>();
  const ended: DraftTest[] = [];
  const own = makeCapture(limits.keptChars);
  const opened = (name: string): GoTest => {
    const known = running.get(name);
    if (known !== undefined) return known;
    if (running.size >= limits.cases) throw overLimit('running tests', limits.cases, 'split the suite');
    const test: GoTest = { name, text: makeCapture(limits.keptChars), printed: null, properties: [] };
    running.set(name, test);
    return test;
  };
  const end = (test: GoTest, outcome: TestOutcome, durationMs: number | undefined, why?: string): void => {
    running.delete(test.name);
    const said = outcome === 'passed' ? '' : tellingText(test.text.kept);
    ended.push({
      suite: [],
      name: test.name,
      outcome,
      durationMs,
      message: why ?? (outcome === 'passed' ? undefined : firstLine(said)),
      stack: said === '' ? undefined : said,
      stdout: test.text.kept,
      properties: test.properties,
    });
  };
  const output = (name: string | null, text: string): void => {
    // Without -v or with benchmarks, results stand in the package's own output only.
    const printed = printedResult(text);
    if (name === null && printed === null) capture(own, text);
    if (name === null && printed === null) return;
    const test = opened(name ?? printed?.test ?? '');
    capture(test.text, text);
    if (printed !== null && printed.test === test.name) test.printed = printed.outcome;
  };
  const close = (packageName: string, result: 'passed' | 'failed' | null): readonly DraftTest[] => {
    for (const test of [...running.values()]) endUnended(test, result, end);
    const red = ended.some(({ outcome }) => outcome === 'failed' || outcome === 'errored');
    if (!red && result !== 'passed') ended.push(packageItself(own.kept, result));
    return ended.map((draft) => ({ ...draft, suite: [packageName] }));
  };
  return {
    run: (name) => void opened(name),
    output,
    attribute: (name, key, value) => void opened(name).properties.push({ name: key, value }),
    result: (name, outcome, durationMs) => end(opened(name), outcome, durationMs),
    close,
  };
}

/** go drops the closing event of a test that panics, and of all that ran beside it. */
function endUnended(
  test: GoTest,
  result: 'passed' | 'failed' | null,
  end: (test: GoTest, outcome: TestOutcome, durationMs: undefined, why?: string) => void,
): void {
  if (test.printed !== null) end(test, test.printed, undefined);
  else if (/^\s*(?:panic|fatal error): /m.test(test.text.kept)) end(test, 'failed', undefined);
  else {
    const why = result === null ? 'the run was killed while this test ran' : 'the package ended while this test ran';
    end(test, 'errored', undefined, why);
  }
}

function packageItself(text: string, result: 'failed' | null): DraftTest {
  const said = tellingText(text);
  const why =
    result === null ? 'the run was killed before the package ended' : 'the package failed outside of its tests';
  return {
    suite: [],
    name: '(the package itself)',
    outcome: 'errored',
    message: firstLine(said) ?? why,
    stack: said === '' ? undefined : said,
  };
}

/** Without the lines that only say where go stands. */
function tellingText(text: string): string {
  const lines = text.split('\n').filter((line) => !/^\s*(?:=== |--- |PASS$|FAIL\b|ok {2}|exit status )/.test(line));
  return lines.join('\n').trim();
}

/** The first line that names a place or a panic, else the first one. */
function firstLine(text: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const telling = lines.find((line) => /^\S+\.go:\d+(?::\d+)?: |^(?:panic|fatal error): /.test(line));
  return telling ?? (lines[0] === '' ? undefined : lines[0]);
}
