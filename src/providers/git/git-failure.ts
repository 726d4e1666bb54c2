import { type FailureCode, fail } from '../../core/result.ts';
import type { ProgramEnd } from '../process/program.ts';

/** What git's English messages mean for a caller; the first that matches counts. */
const MEANINGS: readonly [RegExp, FailureCode, string?][] = [
  [
    /authentication failed|could not read (username|password)|the requested url returned error: 40[13]/i,
    'permission',
    'check the token and what it may do in this repository',
  ],
  [
    /protected branch|hook declined|refusing to allow|permission to .* denied/i,
    'permission',
    'the remote has a rule against this push',
  ],
  [
    /repository .*not found|does not appear to be a git repository|returned error: 404/i,
    'not-found',
    'check the owner, the name, and that the token sees the repository',
  ],
  [/\[rejected\]|non-fast-forward|fetch first|cannot lock ref|\.lock': File exists/i, 'conflict'],
  [
    /couldn't find remote ref|bad object|bad revision|invalid revision range|unknown revision|not a valid object name|needed a single revision|no such path|not our ref/i,
    'not-found',
  ],
  [/no space left on device/i, 'unavailable', 'free some disk space'],
  [
    /could not resolve host|failed to connect|connection (refused|reset|timed out)|returned error: 5\d\d|unable to access/i,
    'unavailable',
    'is the remote up, and reachable from here?',
  ],
];

/** A git command that did not end as it should, as a failure with git's own last sentence. */
export function gitFailure(what: string, end: ProgramEnd): ReturnType<typeof fail> {
  if (end.how === 'cancelled') return fail('cancelled', `git ${what} was cancelled`);
  if (end.how === 'timeout') return fail('timeout', `git ${what}: ${end.message}`);
  if (end.how === 'not-started') return fail('unavailable', `git ${what}: ${end.message}`, 'install git 2.38 or newer');
  const said = end.output.read('stderr').toString('utf8');
  const [, code, hint] = MEANINGS.find(([pattern]) => pattern.test(said)) ?? [null, 'unavailable' as const];
  return fail(code, `git ${what}: ${lastSentence(said) ?? end.message ?? `exit code ${end.exitCode}`}`, hint);
}

/** git explains below the line that says what is wrong; hints are for people at a keyboard. */
function lastSentence(said: string): string | null {
  const lines = said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('hint:'));
  const refused = lines.find((line) => line.startsWith('! ['));
  const telling = refused ?? lines.findLast((line) => /^(fatal|error|remote: (error|fatal)):/i.test(line));
  return telling ?? lines.at(-1) ?? null;
}
