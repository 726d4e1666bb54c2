/** Why a deploy command failed, by its own words. */
export type ErrorClass =
  | 'usage'
  | 'config'
  | 'permission'
  | 'quota'
  | 'conflict'
  | 'build'
  | 'container-failed-to-start'
  | 'transient'
  | 'unknown';

/** Words that say more than any status: what stands first wins. */
const byWords: readonly (readonly [ErrorClass, RegExp])[] = [
  ['quota', /\bquota\b|rate limit exceeded|RATE_LIMIT_EXCEEDED|too many requests/i],
  [
    'permission',
    /permission (?:'[^']*' |"[^"]*" |\S+ )?(?:was )?denied|does not have permission|(?:lacks|missing|required) (?:the )?permission|iam\.serviceaccounts\.actAs|not authorized|unauthorized|must be granted|reauthentication|could not be refreshed|do not currently have an active account|could not (?:automatically )?determine (?:the )?(?:default )?credentials|\baccess denied\b/i,
  ],
  [
    'config',
    /(?:secret|service account|project|region|repository|image|bucket)\b[^\n]{0,200}(?:not found|does not exist|was not found)|property \[\S+\]|(?:project|region)\b[^\n]{0,60}(?:not set|is required|must be specified)|\[(?:core\/)?(?:project|region|account)\]|api has not been used in project|is not enabled|billing (?:account|must be)/i,
  ],
  [
    'container-failed-to-start',
    /failed to start and listen|is not ready and cannot serve|container failed to start|failed to become (?:ready|healthy)|container (?:import failed|called exit|exited)|HealthCheckContainerError|startup probe failed/i,
  ],
  [
    'usage',
    /unrecognized arguments?|invalid choice|argument (?:--?\S+|\[?[A-Z_]+\]?)[^\n]{0,80}: |expected (?:one|at least one|at most one|\d+) arguments?|(?:exactly|at most) one of|must be specified|missing required (?:argument|flag|option)|unknown (?:shorthand )?(?:flag|option|command)|invalid value for|usage error|command not found|no such option/i,
  ],
  ['conflict', /conflict for resource|\bconflict\b|already exists|was specified but current version|etag/i],
  [
    'build',
    /build [^\n]{0,120}(?:failed|failure|"FAILURE"|timed out)|failed to (?:build|solve)|build failed|completed with status "(?:FAILURE|TIMEOUT|INTERNAL_ERROR|CANCELLED)"|dockerfile|executor failed running|manifest unknown|pack(?:age)? build/i,
  ],
  [
    'transient',
    /connection (?:reset|refused|aborted|timed out)|timed? ?out|deadline exceeded|temporarily unavailable|service unavailable|internal error|broken pipe|econnreset|etimedout|eai_again|could not resolve host|name resolution|network is unreachable|try again|server disconnected|transporterror/i,
  ],
];

const byStatus: Readonly<Record<string, ErrorClass>> = {
  INVALID_ARGUMENT: 'usage',
  OUT_OF_RANGE: 'usage',
  UNIMPLEMENTED: 'usage',
  NOT_FOUND: 'config',
  PERMISSION_DENIED: 'permission',
  UNAUTHENTICATED: 'permission',
  RESOURCE_EXHAUSTED: 'quota',
  ABORTED: 'conflict',
  ALREADY_EXISTS: 'conflict',
  UNAVAILABLE: 'transient',
  DEADLINE_EXCEEDED: 'transient',
  INTERNAL: 'transient',
  '400': 'usage',
  '401': 'permission',
  '403': 'permission',
  '404': 'config',
  '408': 'transient',
  '409': 'conflict',
  '412': 'conflict',
  '429': 'quota',
  '500': 'transient',
  '502': 'transient',
  '503': 'transient',
  '504': 'transient',
};

/** Words whose meaning no status code changes: FAILED_PRECONDITION and UNKNOWN are sent for all of these. */
const wordsBeforeStatus: readonly ErrorClass[] = ['quota', 'container-failed-to-start'];

/** `code` is the status that the error named: `PERMISSION_DENIED`, `403`; null where it named none. */
export function errorClass(code: string | null, text: string): ErrorClass {
  const words = byWords.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
  if (words !== null && wordsBeforeStatus.includes(words)) return words;
  return (code === null ? undefined : byStatus[code]) ?? words ?? 'unknown';
}

/** Whether the same command may work when it is run again a little later. */
export function isRetryable(kind: ErrorClass): boolean {
  return kind === 'transient' || kind === 'conflict';
}

/** `PERMISSION_DENIED: …`, `7 PERMISSION_DENIED: …`, `ResponseError: status=[403]`, `HTTPError 503`, `googleapi: Error 409`. */
export function statusIn(text: string): string | null {
  const named = /^(?:\d{1,2} )?([A-Z][A-Z_]{3,40}): /.exec(text)?.[1];
  if (named !== undefined) return named;
  const number =
    /(?:status=\[|status(?: code)?[ :=]+|http ?error |responseerror(?: | \[|: code=)|\berror |code[ =:[]+)(\d{3})\b/i;
  return number.exec(text)?.[1] ?? null;
}
