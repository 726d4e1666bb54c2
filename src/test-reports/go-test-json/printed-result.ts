import type { TestOutcome } from '../../core/test-report.ts';

export interface PrintedResult {
  readonly test: string;
  readonly outcome: TestOutcome;
  readonly durationMs: number | undefined;
}

const outcomes: Readonly<Record<string, TestOutcome>> = {
  PASS: 'passed',
  FAIL: 'failed',
  SKIP: 'skipped',
  BENCH: 'passed',
};

/** `    --- PASS: TestA/sub (0.10s)`, `--- FAIL: BenchmarkX`, `BenchmarkOne-8  1000  0.26 ns/op`. */
export function printedResult(line: string): PrintedResult | null {
  const first = line.trimStart();
  if (first.startsWith('--- ')) {
    const match = /^--- (PASS|FAIL|SKIP|BENCH): (\S+)(?: \(([\d.]+) ?s(?:econds)?\))?\s*$/.exec(first);
    const outcome = outcomes[match?.[1] ?? ''];
    if (match?.[2] === undefined || outcome === undefined) return null;
    return { test: match[2], outcome, durationMs: match[3] === undefined ? undefined : Number(match[3]) * 1000 };
  }
  if (!line.startsWith('Benchmark')) return null;
  const bench = /^(Benchmark\S*)\s+\d+\s+[\d.e+]+ ns\/op/.exec(line);
  return bench?.[1] === undefined ? null : { test: bench[1], outcome: 'passed', durationMs: undefined };
}

/** `some text of the test--- PASS: TestA (0.06s)`: the test's own output had no line end. */
export function inlineResult(line: string, running: string | null): PrintedResult | null {
  const at = running === null ? -1 : line.lastIndexOf('--- ');
  const result = at <= 0 ? null : printedResult(line.slice(at));
  return result?.test === running ? result : null;
}
