/** One thing to ask of a running service. */
export interface HealthCheck {
  readonly path: string;
  readonly websocket: boolean;
  readonly subprotocol: string | null;
  /** Statuses that are healthy; never one of 500 and above. */
  readonly statuses: readonly { readonly from: number; readonly to: number }[];
  /** Fields that the JSON body must hold, by path: `redis.connected`. A name that holds the dots itself comes first. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Headers that must be there; media types compare without their parameters. */
  readonly header: Readonly<Record<string, string>>;
  /** Limits of the measured p50 and p95. */
  readonly latencyMsMax: { readonly p50: number | null; readonly p95: number | null };
  /** WebSocket: JSON fields of the first message that the server sends, by path; null when none is waited for. */
  readonly firstMessage: Readonly<Record<string, unknown>> | null;
  /** JSON path where the service tells its version (revision, commit or digest), and what is expected there. */
  readonly version: { readonly path: string; readonly expected: readonly string[] } | null;
  /** JSON path where the service tells its uptime in seconds. */
  readonly uptime: string | null;
  /** https only: fewer days than this until the certificate ends are not healthy. */
  readonly tlsDaysMin: number;
  /** Sent as `authorization: Bearer …`; for private services. */
  readonly token: string | null;
}

export interface HealthAnswer {
  readonly ok: boolean;
  /** HTTP status; null when nothing answered. */
  readonly status: number | null;
  /** Milliseconds of each sample that answered, the first request apart. */
  readonly samplesMs: readonly number[];
  /** The first request, which may have started an instance. */
  readonly coldMs: number | null;
  readonly version: { readonly told: string; readonly expected: string; readonly matches: boolean } | null;
  readonly uptimeSeconds: number | null;
  readonly tls: { readonly name: string; readonly expiresAt: string; readonly daysLeft: number } | null;
  /** What the name resolved to. */
  readonly addresses: readonly string[];
  /** One sentence: what was seen against what was asked for. */
  readonly because: string;
}

/** Asks an endpoint. Never throws for what a server does; bounded by `timeoutMs` a sample. */
export interface HealthProbe {
  check(
    url: string,
    check: HealthCheck,
    limits: { samples: number; timeoutMs: number },
    signal: AbortSignal,
  ): Promise<HealthAnswer>;
}
