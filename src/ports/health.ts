import type { Identity } from './id-tokens.ts';

/** One thing to ask of a running service. */
export interface HealthCheck {
  readonly path: string;
  readonly websocket: boolean;
  readonly subprotocol: string | null;
  /** Statuses that are healthy; never one of 500 and above. */
  readonly statuses: readonly { readonly from: number; readonly to: number }[];
  /**
   * Fields that the JSON body must hold, by path: `redis.connected`, `nodes.0.up`. A name that holds the dots itself comes first.
   * A body whose `status` is degraded, unhealthy, down, error or fail is not healthy, unless it is asked for here.
   */
  readonly json: Readonly<Record<string, unknown>>;
  /** Headers that must be there; media types compare without their parameters. Asking for a CORS header sends an `origin`. */
  readonly header: Readonly<Record<string, string>>;
  /** Limits of the measured p50 and p95. */
  readonly latencyMsMax: { readonly p50: number | null; readonly p95: number | null };
  /** WebSocket: JSON fields of the first message that the server sends, by path; null when none is waited for. */
  readonly firstMessage: Readonly<Record<string, unknown>> | null;
  /** JSON path where the service tells its version, and what is expected there: equal, a commit's first 7 digits or more. Not judged without one. */
  readonly version: { readonly path: string; readonly expected: readonly string[] } | null;
  /** JSON path where the service tells its uptime in seconds. */
  readonly uptime: string | null;
  /** https only: fewer days than this until the certificate ends are not healthy. */
  readonly tlsDaysMin: number;
  /** Private services: a token for it is sent as `authorization: Bearer …`. */
  readonly identity: Identity | null;
}

export interface HealthLimits {
  /** Requests that are measured. */
  readonly samples: number;
  /** Requests before them, told apart: the first may start an instance. */
  readonly warmups: number;
  /** Of each request. */
  readonly timeoutMs: number;
}

export interface HealthAnswer {
  readonly ok: boolean;
  /** HTTP status; null when nothing answered. */
  readonly status: number | null;
  /** Milliseconds of each sample that answered, warm-ups apart. */
  readonly samplesMs: readonly number[];
  /** The first warm-up, which may have started an instance. */
  readonly coldMs: number | null;
  /** Whether the JSON fields that were asked for were told, whatever else was wrong; `unknown` without a JSON answer. */
  readonly fields: 'met' | 'not-met' | 'unknown';
  readonly version: { readonly told: string; readonly expected: string; readonly matches: boolean } | null;
  readonly uptimeSeconds: number | null;
  readonly tls: { readonly name: string; readonly expiresAt: string; readonly daysLeft: number } | null;
  /** What the name resolved to. */
  readonly addresses: readonly string[];
  /** What the answer that decides said, to be kept as evidence. */
  readonly seen: SeenAnswer;
  /** One sentence: what was seen against what was asked for. */
  readonly because: string;
}

/** Text of others as it came, not redacted and of up to 64 KB; null where nothing came or nothing was waited for. */
export interface SeenAnswer {
  readonly body: string | null;
  /** Those that were asked for, by the names in the check; one that is missing is missing here. */
  readonly header: Readonly<Record<string, string>>;
  readonly firstMessage: string | null;
  /** The `server` header: who answered, by its own word. */
  readonly server: string | null;
}

/** Asks an endpoint. Never throws for what a server does; each request is bounded by `timeoutMs`, everything by the signal. */
export interface HealthProbe {
  check(url: string, check: HealthCheck, limits: HealthLimits, signal: AbortSignal): Promise<HealthAnswer>;
  /** Opens a TCP connection to `host:port` and closes it again: that it opens is healthy. */
  connect(address: string, limits: { readonly timeoutMs: number }, signal: AbortSignal): Promise<HealthAnswer>;
}
