/** `SKIPPED [4] conftest.py:181: needs a database`: the short summary tells reasons by place, and not of which tests. */
export interface SkipReasons {
  read(line: string): void;
  /** The reason of every skipped test, where there is only one; several are named together. */
  ofAll(): string | undefined;
}

const reasonsMax = 3;

export function makeSkipReasons(): SkipReasons {
  const reasons = new Map<string, number>();
  const read = (line: string): void => {
    const [, count, reason] = /^SKIPPED \[(\d+)\] .+?:(?:\d+: )?\s*(\S.*)$/.exec(line) ?? [];
    if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + Number(count));
  };
  const ofAll = (): string | undefined => {
    const named = [...reasons.keys()].slice(0, reasonsMax);
    if (named.length === 0) return undefined;
    return reasons.size === 1 ? named[0] : `one of ${reasons.size} reasons: ${named.join(' | ')}`;
  };
  return { read, ofAll };
}
