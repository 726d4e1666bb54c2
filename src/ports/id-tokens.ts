import type { Result } from '../core/result.ts';

/** A token with less than this left is replaced: a suite may take that long to its next request. */
export const idTokenMsLeftMin = 10 * 60_000;

export interface IdToken {
  readonly token: string;
  /** UTC. */
  readonly expiresAt: string;
}

/** Whom a private service is called as, and what its tokens are for: the service's own URL or a custom audience, never a tag's URL. */
export interface Identity {
  readonly audience: string;
  /** E-mail address of the account that is impersonated. */
  readonly serviceAccount: string;
}

/**
 * Mints ID tokens for private services by impersonating a service account. What is handed out has ten minutes left at least;
 * the run's redactor knows it before the caller does. Failures are values: `permission` (who may impersonate is in the hint),
 * `unavailable`, `timeout`, `config`, `cancelled`, `unreadable`.
 */
export interface IdTokens {
  mint(identity: Identity, signal: AbortSignal): Promise<Result<IdToken>>;
}
