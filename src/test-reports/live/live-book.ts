import type { StreamOutcomes } from '../../core/stream-outcomes.ts';
import type { TestOutcome } from '../../core/test-report.ts';
import { namesOf } from '../case-book.ts';
import { defaultLimits } from '../limits.ts';
import type { LiveDialect, LiveEvent, LiveTest } from './live-dialect.ts';

export interface Named {
  readonly id: string;
  readonly name: string;
}

interface Running extends Named {
  sinceMs: number;
  paused: boolean;
  /** One of its subtests began or ended. */
  parent: boolean;
  redInside: boolean;
}

/** What a stream told so far. Times are of one monotonic clock. */
export interface LiveBook {
  take(event: LiveEvent, nowMs: number): void;
  outcomes(): StreamOutcomes;
  /** The test that runs, else the one that ended last. */
  latest(): string | null;
  /** Tests that have run for longer; `quiet` where the stream tells ends alone and none came for that long. */
  overdue(nowMs: number, limitMs: number): { readonly tests: readonly Named[]; readonly quiet: boolean };
}

const redMax = 2_000;
const runningMax = 5_000;
const toldMax = 50;

export function makeLiveBook(dialect: LiveDialect, startedMs: number): LiveBook {
  const counts = { passed: 0, failed: 0, errored: 0, skipped: 0 };
  const red = new Map<string, Named & { outcome: 'failed' | 'errored' }>();
  const running = new Map<string, Running>();
  let last: (Named & { outcome: TestOutcome }) | null = null;
  let lastMs = startedMs;
  let over = false;

  const key = (levels: readonly string[]): string => levels.join('\u0000');
  const levelsOf = (test: LiveTest): readonly string[] => test.levels ?? [...test.suite, test.name];
  const open = (levels: readonly string[], named: Named, nowMs: number): Running | null => {
    const at = key(levels);
    const known = running.get(at);
    if (known !== undefined) return known;
    if (running.size >= runningMax) return null;
    const one = { ...named, sinceMs: nowMs, paused: false, parent: false, redInside: false };
    running.set(at, one);
    return one;
  };
  /** A test with subtests hangs no sooner than these do. Parents that nobody announced are known by their subtests. */
  const touchParents = (levels: readonly string[], nowMs: number, isRed: boolean): void => {
    for (let depth = levels.length - 1; depth > 0; depth -= 1) {
      const parent = running.get(key(levels.slice(0, depth)));
      if (parent === undefined) continue;
      parent.parent = true;
      parent.redInside ||= isRed;
      parent.sinceMs = nowMs;
    }
  };
  const end = (test: LiveTest, outcome: TestOutcome, nowMs: number): void => {
    const levels = levelsOf(test);
    const at = key(levels);
    const before = running.get(at);
    running.delete(at);
    const isRed = outcome === 'failed' || outcome === 'errored';
    touchParents(levels, nowMs, isRed);
    if (before?.parent === true && dialect.parentsCount !== true && !(isRed && !before.redInside)) return;
    const { id, name } = namesOf({ ...test, className: test.className ?? null }, defaultLimits);
    // Retried, or told once more with its teardown: the last word counts.
    const earlier = red.get(id) ?? (last?.id === id ? last : undefined);
    last = { id, name, outcome };
    if (earlier !== undefined) counts[earlier.outcome] -= 1;
    red.delete(id);
    counts[outcome] += 1;
    if (isRed && red.size < redMax) red.set(id, { id, name, outcome });
  };
  const begin = (test: LiveTest, paused: boolean, nowMs: number): void => {
    const levels = levelsOf(test);
    touchParents(levels, nowMs, false);
    const one = open(levels, namesOf({ ...test, className: test.className ?? null }, defaultLimits), nowMs);
    if (one === null) return;
    one.paused = paused;
    one.sinceMs = nowMs;
  };
  const take = (event: LiveEvent, nowMs: number): void => {
    lastMs = nowMs;
    over = event.is === 'over';
    if (event.is === 'ended') end(event.test, event.outcome, nowMs);
    else if (event.is !== 'over') begin(event.test, event.is === 'paused', nowMs);
  };
  const atWork = (): Running[] => [...running.values()].filter(({ paused, parent }) => !paused && !parent);
  const named = ({ id, name }: Named): Named => ({ id, name });
  return {
    take,
    outcomes: () => ({
      runner: dialect.name,
      ...counts,
      red: [...red.values()],
      running: (over ? [] : leaves()).slice(0, toldMax).map(named),
      last: last?.name ?? null,
    }),
    latest: () => atWork().at(-1)?.name ?? last?.name ?? null,
    overdue(nowMs, limitMs) {
      if (over) return { tests: [], quiet: false };
      const tests = [...running.values()].filter((one) => !one.paused && nowMs - one.sinceMs > limitMs);
      const leaf = tests.filter(({ parent }) => !parent);
      const quiet = !dialect.begins && running.size === 0 && nowMs - lastMs > limitMs;
      return { tests: (leaf.length > 0 ? leaf : tests).slice(0, toldMax).map(named), quiet };
    },
  };

  /** Those at work; where only a test with subtests is, that one. */
  function leaves(): readonly Running[] {
    const work = atWork();
    return work.length > 0 ? work : [...running.values()].filter(({ paused }) => !paused);
  }
}
