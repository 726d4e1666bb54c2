import type { Verdict } from '../../core/words.ts';

const meanings: Readonly<Record<number, string>> = {
  1: 'NO-GO',
  2: 'usage or configuration',
  3: 'waits for a person: `loop approve` or `loop reject`',
  4: 'INVALID: the evidence does not hold',
  5: 'BLOCKED: the environment is not up',
  70: 'a bug of loop',
  75: 'locked by another run',
  130: 'interrupted',
};

/** `1 (NO-GO)`. */
export function exitWords(exitCode: number, verdict: Verdict | null): string {
  const meaning = exitCode === 0 ? (verdict ?? 'nothing was judged') : meanings[exitCode];
  return meaning === undefined ? `${exitCode}` : `${exitCode} (${meaning})`;
}
