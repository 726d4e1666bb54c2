import { fail, type Result, succeed } from '../../core/result.ts';

/** The line that opens the gate. */
export const GATE_OPENS = 'go\n';

/**
 * A shell that waits for a line and then becomes the program: same pid, same start time, stdin closed.
 * Without the line (our death closes the pipe) it ends. What it adds to the environment it takes away again.
 */
const GATE =
  'read -r LOOP_GATE && [ "$LOOP_GATE" = go ] || exit 125; unset LOOP_GATE PWD OLDPWD SHLVL _; exec "$@" </dev/null';

/** The words that run `program` behind a gate. Failure: `not-started` for a variable that a shell would lose on the way. */
export function behindGate(
  program: string,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Result<readonly [string, ...string[]]> {
  const lost = Object.keys(env).find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (lost !== undefined) return fail('not-started', `not a name for an environment variable: ${JSON.stringify(lost)}`);
  return succeed(['/bin/sh', '-c', GATE, 'loop-gate', program, ...words]);
}
