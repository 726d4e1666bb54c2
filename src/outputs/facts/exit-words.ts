const meanings: Readonly<Record<number, string>> = {
  0: 'GO, or nothing to do',
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
export function exitWords(exitCode: number): string {
  const meaning = meanings[exitCode];
  return meaning === undefined ? `${exitCode}` : `${exitCode} (${meaning})`;
}
