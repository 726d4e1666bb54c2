import type { ReportLimits } from './limits.ts';
import { overLimit, Refusal } from './refusal.ts';

export interface LineSplitter {
  write(text: string): void;
  end(): void;
  place(): { line: number; column: number };
}

/** Hands out whole lines without their ends (LF or CRLF), numbered from 1; the last one also where its end is missing. */
export function splitLines(take: (line: string, number: number) => void, limits: ReportLimits): LineSplitter {
  let waiting = '';
  let number = 0;
  const conflict = makeConflictCheck();
  const give = (line: string): void => {
    number += 1;
    const plain = line.endsWith('\r') ? line.slice(0, -1) : line;
    conflict(plain);
    take(plain, number);
  };
  const write = (text: string): void => {
    let from = 0;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
      give(waiting + text.slice(from, at));
      waiting = '';
      from = at + 1;
    }
    waiting += text.slice(from);
    if (waiting.length <= limits.tokenChars) return;
    throw overLimit('characters in one line', limits.tokenChars, 'let the runner keep long output out of its report');
  };
  const end = (): void => {
    if (waiting !== '') give(waiting);
    waiting = '';
  };
  return { write, end, place: () => ({ line: Math.max(1, number), column: 1 }) };
}

/** All three marks in order: one alone may be a heading in some test's output. */
function makeConflictCheck(): (line: string) => void {
  const marks = [/^<{7} /, /^={7}$/, /^>{7} /];
  let seen = 0;
  return (line) => {
    const first = line.charCodeAt(0);
    if (first < 60 || first > 62 || marks[seen]?.test(line) !== true) return;
    seen += 1;
    if (seen < marks.length) return;
    const message = 'the file holds merge conflict markers';
    throw new Refusal({ reason: 'conflict-markers', message, hint: 'run the suite again' });
  };
}
