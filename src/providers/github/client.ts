import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import type { Logger } from 'pino';

export type GitHubLog = Pick<Logger, 'debug' | 'warn' | 'error'>;

const REQUEST_MS_MAX = 30_000;
const RATE_LIMIT_TRIES = 2;
const RATE_LIMIT_SECONDS_MAX = 120;
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
/** The plugin's own list lacks 405, 406 and 409: a merge conflict would be asked again for 17 seconds. */
const FINAL_ANSWERS = [400, 401, 403, 404, 405, 406, 409, 410, 422, 451];

const Client = Octokit.plugin(throttling, retry);
export type GitHubClient = InstanceType<typeof Client>;

/** GitHub's client. On this machine there is no quota to be polite to: writes are not spaced, and one retry is enough. */
export function githubClient(options: {
  baseUrl: string | undefined;
  token: string;
  version: string;
  log: GitHubLog;
}): GitHubClient {
  const local = options.baseUrl !== undefined && LOOPBACK.has(new URL(options.baseUrl).hostname);
  return new Client({
    ...(options.baseUrl === undefined ? {} : { baseUrl: options.baseUrl.replace(/\/$/, '') }),
    auth: options.token,
    userAgent: `loop/${options.version}`,
    log: octokitLog(options.log),
    request: { fetch: fetchInTime },
    // Not as `request.retries`: that would repeat the final answers too.
    retry: { doNotRetry: FINAL_ANSWERS, retries: local ? 1 : 3 },
    throttle: { enabled: !local, onRateLimit: isShort, onSecondaryRateLimit: isShort },
  });
}

/** Whether to wait and ask again. */
function isShort(retryAfterSeconds: number, _options: object, _client: unknown, tries: number): boolean {
  return tries < RATE_LIMIT_TRIES && retryAfterSeconds < RATE_LIMIT_SECONDS_MAX;
}

/** The limit begins when the request is sent, not while it waits for its turn. */
function fetchInTime(url: string, init: RequestInit = {}): Promise<Response> {
  const limit = AbortSignal.timeout(REQUEST_MS_MAX);
  return fetch(url, { ...init, signal: init.signal ? AbortSignal.any([init.signal, limit]) : limit });
}

/** Octokit writes to the console by default, and hands whole requests along: only its sentences are taken. */
function octokitLog(log: GitHubLog) {
  return {
    debug: () => undefined,
    info: (said: string) => log.debug({ said }, 'GitHub was asked'),
    warn: (said: string) => log.warn({ said }, 'GitHub client warns'),
    error: (said: string) => log.debug({ said }, 'GitHub refused'),
  };
}
