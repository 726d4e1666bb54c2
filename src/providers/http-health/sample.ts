import type { HealthAnswer, SeenAnswer } from '../../ports/health.ts';

/** What our questions call themselves, so that request logs tell them from users and suites. */
export const healthUserAgent = 'loop-health';

/** Of a body or a message no more than this is read. */
export const bodyBytesMax = 64 * 1024;

/** One question to an endpoint and what came of it. */
export interface Sample {
  readonly ok: boolean;
  /** HTTP status; null when nothing answered. */
  readonly status: number | null;
  /** Until the whole answer was there; null when nothing answered. */
  readonly latencyMs: number | null;
  /** What was seen against what was asked for. */
  readonly because: string;
  /** The body, where it is JSON; undefined where it is not. */
  readonly json: unknown;
  readonly fields: HealthAnswer['fields'];
  readonly seen: SeenAnswer;
}

export const nothingSeen: SeenAnswer = { body: null, header: {}, firstMessage: null, server: null };

/** A sample that got no answer. */
export function unanswered(because: string): Sample {
  return { ok: false, status: null, latencyMs: null, because, json: undefined, fields: 'unknown', seen: nothingSeen };
}
