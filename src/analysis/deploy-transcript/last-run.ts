import type { Line } from './transcript-lines.ts';

/** A run is known by the lines that it begins with. */
const beginningLines = 2;
const runsMax = 50;

/** Two runs in one file begin alike: where the first lines come again, another run begins, and only the last one counts. */
export function lastRun(lines: readonly Line[]): { readonly lines: readonly Line[]; readonly runs: number } {
  const beginning = lines.slice(0, beginningLines).map(({ text }) => text);
  if (beginning.length < beginningLines) return { lines, runs: 1 };
  const starts: number[] = [0];
  for (let index = beginningLines; index + beginningLines <= lines.length && starts.length < runsMax; index += 1) {
    if (beginning.every((text, at) => lines[index + at]?.text === text)) starts.push(index);
  }
  return { lines: lines.slice(starts.at(-1)), runs: starts.length };
}
