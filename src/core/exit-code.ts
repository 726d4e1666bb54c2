import type { Problem, RunState } from './record.ts';
import type { Verdict } from './words.ts';

/** Exit codes of the command line; section 7 of the design, and the README's table. */
export const exitCodes = {
  go: 0,
  noGo: 1,
  usage: 2,
  parked: 3,
  invalid: 4,
  blocked: 5,
  bug: 70,
  locked: 75,
  interrupted: 130,
} as const;

export function exitCodeOf(run: {
  state: RunState;
  verdict: Verdict | null;
  broken: boolean;
  /** See `misuse`. */
  misused: boolean;
  planned: boolean;
}): number {
  if (run.state === 'parked') return exitCodes.parked;
  if (run.state === 'interrupted' || run.state === 'cancelled') return exitCodes.interrupted;
  if (run.broken) return exitCodes.bug;
  if (run.misused) return exitCodes.usage;
  if (run.planned) return exitCodes.go;
  switch (run.verdict) {
    case 'GO':
      return exitCodes.go;
    case 'NO-GO':
      return exitCodes.noGo;
    case 'BLOCKED':
      return exitCodes.blocked;
    case 'INVALID':
    case null:
      return exitCodes.invalid;
  }
}

/** The code of a problem that whoever typed the command made: nothing was judged then, and nothing touched. */
export const misuse = 'no-such-ref';

export function isMisuse(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.code === misuse);
}
