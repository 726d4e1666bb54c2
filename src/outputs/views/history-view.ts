import { redRate } from '../../core/compare-results.ts';
import { spreadOf } from '../../core/percentiles.ts';
import type { HistoryResult } from '../../ports/history.ts';
import { durationWords, utcTime } from '../facts/instant.ts';
import { textTable } from './text-table.ts';

export interface TestHistory {
  readonly suite: string;
  readonly test: string;
  /** The newest one last: P passed, F failed, E errored, S skipped. */
  readonly outcomes: string;
  /** Red results of those that say anything; a skip does not. */
  readonly red: number;
  readonly of: number;
  /** Of the results that were not skipped; null where no report told any. */
  readonly durationMs: { readonly p50: number; readonly p95: number; readonly n: number } | null;
  readonly lastRed: { readonly run: string; readonly revision: string | null; readonly at: string } | null;
}

const outcomesShown = 20;

/** Results of several tests, newest first each, one row a test. */
export function testHistories(results: readonly HistoryResult[]): TestHistory[] {
  const byTest = new Map<string, HistoryResult[]>();
  for (const one of results) {
    const key = JSON.stringify([one.suite, one.test]);
    const list = byTest.get(key);
    if (list) list.push(one);
    else byTest.set(key, [one]);
  }
  return [...byTest.values()].flatMap((list) => {
    const [newest] = list;
    return newest ? [historyOf(newest, list)] : [];
  });
}

function historyOf({ suite, test }: HistoryResult, newestFirst: readonly HistoryResult[]): TestHistory {
  const outcomes = newestFirst
    .map(({ outcome }) => outcome)
    .toReversed()
    .join('');
  const lastRed = newestFirst.find(({ outcome }) => outcome === 'F' || outcome === 'E');
  const durations = newestFirst.flatMap(({ outcome, durationMs }) =>
    outcome === 'S' || durationMs === null ? [] : [durationMs],
  );
  return {
    ...{ suite, test, outcomes, ...redRate(outcomes), durationMs: spreadOf(durations) },
    lastRed: lastRed ? { run: lastRed.run, revision: lastRed.revision, at: lastRed.at } : null,
  };
}

interface AskedTests {
  /** A part of a test's name; null for all. */
  readonly test: string | null;
  readonly suite: string | null;
}

/** `loop history` for people. */
export function historyView(tests: readonly TestHistory[], asked: AskedTests = { test: null, suite: null }): string {
  if (tests.length === 0) return `${noResult(asked)}\n`;
  const head = ['SUITE', `LAST ${outcomesShown}`, 'RED', 'P50', 'P95', 'LAST RED', 'TEST'];
  const rows = tests.map(({ suite, test, outcomes, red, of, durationMs, lastRed }) => [
    suite,
    outcomes.slice(-outcomesShown),
    `${red}/${of}`,
    durationMs === null ? '-' : durationWords(durationMs.p50),
    durationMs === null ? '-' : durationWords(durationMs.p95),
    lastRed === null ? '-' : `${lastRed.run} (${utcTime(lastRed.at)})`,
    test,
  ]);
  return `${textTable([head, ...rows])}\n`;
}

/** A slip of the finger is not told as a past that is missing. */
function noResult({ test, suite }: AskedTests): string {
  const rule = 'a test has one after the first run whose evidence held';
  if (test === null && suite === null) return `No result yet: ${rule}.`;
  const named = test === null ? '' : ` whose name holds ${JSON.stringify(test)}`;
  const of = suite === null ? '' : ` of the suite ${JSON.stringify(suite)}`;
  return `No result of a test${named}${of}: ${rule}. All that there are: loop history`;
}
