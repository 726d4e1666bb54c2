/** What a `collect:` command is asked for, as in the pipeline. */
export interface CollectRule {
  readonly count: 'lines' | 'number';
  readonly match?: string | undefined;
}

export type Collection =
  | {
      readonly ok: true;
      readonly count: number /** As they were listed, at most `testsKept`; empty where only a number is. */;
      readonly tests: readonly string[];
    }
  | { readonly ok: false; readonly problem: string };

/** More names than these are counted, and not kept. */
export const testsKept = 10_000;
const nameCharsMax = 1_000;
/** A longer line is looked at no further: it names no test, and the pattern is somebody's own. */
const lineCharsMax = 4_000;

/** Reads what a `collect:` command printed; a run and its replay both count by this. Nothing found is a problem, never zero tests. */
export function readCollection(printed: string, { count, match }: CollectRule): Collection {
  if (printed.includes('\0')) return { ok: false, problem: 'collection failed: it printed binary data' };
  const lines = printed.split(/\r?\n/).map((line) => line.slice(0, lineCharsMax));
  return count === 'lines' ? listed(lines, match) : numbered(lines, match ?? '(\\d+)');
}

function listed(lines: readonly string[], match: string | undefined): Collection {
  const pattern = match === undefined ? null : new RegExp(match);
  const tests = lines.flatMap((line) => {
    const found = pattern === null ? line : fitting(pattern, line);
    return found === null || found.trim() === '' ? [] : [found.trim().slice(0, nameCharsMax)];
  });
  if (tests.length > 0) return { ok: true, count: tests.length, tests: tests.slice(0, testsKept) };
  return nothing(match === undefined ? 'it printed no line' : `no line fits ${match}`);
}

function numbered(lines: readonly string[], match: string): Collection {
  const pattern = new RegExp(match);
  const last = lines.map((line) => fitting(pattern, line)).findLast((found) => found !== null);
  if (last === undefined || last === null) return nothing(`no line fits ${match}`);
  const number = /^\d{1,9}$/.test(last.trim()) ? Number(last) : null;
  if (number === null)
    return { ok: false, problem: `collection failed: ${JSON.stringify(last.slice(0, 80))} is no number` };
  return number === 0 ? nothing('it counts 0 tests') : { ok: true, count: number, tests: [] };
}

/** The first group, or all that fits where the pattern has none. */
function fitting(pattern: RegExp, line: string): string | null {
  const found = pattern.exec(line);
  return found === null ? null : (found[1] ?? found[0]);
}

function nothing(because: string): Collection {
  return { ok: false, problem: `nothing was collected: ${because}` };
}
