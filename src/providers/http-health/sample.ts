/** What our questions call themselves, so that request logs tell them from users and suites. */
export const healthUserAgent = 'loop-health';

/** One question to an endpoint and what came of it. */
export interface Sample {
  readonly ok: boolean;
  /** HTTP status; null when nothing answered. */
  readonly status: number | null;
  /** Until the whole answer was there; null when nothing answered. */
  readonly latencyMs: number | null;
  /** What was seen against what was asked for. */
  readonly because: string;
}

/** A sample that got no answer, in words: the deepest cause is the one that names the port or the host. */
export function noAnswer(url: URL, error: unknown, timeoutMs: number, signal: AbortSignal): Sample {
  const because = signal.aborted ? 'was not asked to the end: cancelled' : reasonOf(error, timeoutMs);
  return { ok: false, status: null, latencyMs: null, because: `${url.href} ${because}` };
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `did not answer within ${timeoutMs} ms`;
  let deepest = error;
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
  if (!(deepest instanceof Error)) return `did not answer: ${String(deepest)}`;
  // A connection that was refused on several addresses has no message of its own, only a code.
  return `did not answer: ${deepest.message || ('code' in deepest ? String(deepest.code) : deepest.name)}`;
}
