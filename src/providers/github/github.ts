import { type Result, succeed } from '../../core/result.ts';
import type { GitHubClient, GitHubLog } from './client.ts';
import { githubFailure } from './github-failure.ts';
import { readMarker } from './marker.ts';
import { UserAnswer } from './schema.ts';

/** One repository at GitHub, and who we are there. */
export interface GitHub {
  readonly client: GitHubClient;
  readonly log: GitHubLog;
  readonly at: { readonly owner: string; readonly repo: string };
  /** The login of the token's user: markers count only in what this user wrote. */
  login(signal: AbortSignal): Promise<string>;
}

/** The login is asked for once. An App's token has no user: its login must be given. */
export function openGitHub(client: GitHubClient, log: GitHubLog, at: GitHub['at'], given: string | undefined): GitHub {
  let known = given;
  return {
    client,
    log,
    at,
    async login(signal) {
      if (known === undefined) {
        const { data } = await client.rest.users.getAuthenticated({ request: { signal } });
        known = UserAnswer.parse(data).login;
      }
      return known;
    },
  };
}

/** What the work resolves to, or what GitHub refused; at the abort it answers at once, even while a retry waits. */
export async function ask<T>(signal: AbortSignal, work: () => Promise<T>): Promise<Result<T>> {
  const aborted = new AbortController();
  try {
    signal.throwIfAborted();
    return succeed(await Promise.race([work(), abortOf(signal, aborted.signal)]));
  } catch (error) {
    return githubFailure(error, signal);
  } finally {
    aborted.abort();
  }
}

/** Rejects when `signal` aborts; listens until `done`. */
function abortOf(signal: AbortSignal, done: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: done });
  });
}

/**
 * Makes something that has no key at GitHub's end once: looked up before, and again when the making failed,
 * since the answer to a creation that worked can be lost on its way.
 */
export async function makeOnce<T>(
  signal: AbortSignal,
  find: () => Promise<T | null>,
  make: () => Promise<T>,
): Promise<Result<{ value: T; made: boolean }>> {
  const before = await ask(signal, find);
  if (!before.ok) return before;
  if (before.value !== null) return succeed({ value: before.value, made: false });
  const made = await ask(signal, make);
  if (made.ok) return succeed({ value: made.value, made: true });
  const after = await ask(signal, find);
  return after.ok && after.value !== null ? succeed({ value: after.value, made: true }) : made;
}

/** Settings of a call that makes something: the client must not repeat it. */
export function notRepeated(signal: AbortSignal) {
  return { signal, retries: 0 };
}

/** Key and text of what was written; a marker in someone else's text counts as text. */
export function ownText(
  written: { body: string; user?: { login: string } | null | undefined },
  login: string,
): { key: string | null; body: string } {
  const ours = written.user?.login.toLowerCase() === login.toLowerCase();
  const marked = ours ? readMarker(written.body) : null;
  return marked ? { key: marked.key, body: marked.text } : { key: null, body: written.body };
}
