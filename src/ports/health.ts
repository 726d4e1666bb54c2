/** One thing to ask of a running service. */
export interface HealthCheck {
  readonly path: string;
  readonly websocket: boolean;
  readonly subprotocol: string | null;
  readonly status: number;
  /** Fields that the JSON body must hold, by top-level name. */
  readonly json: Readonly<Record<string, unknown>>;
  /** Headers that must be there; media types compare without their parameters. */
  readonly header: Readonly<Record<string, string>>;
  readonly latencyMsMax: number | null;
}

export interface HealthAnswer {
  readonly ok: boolean;
  /** HTTP status; null when nothing answered. */
  readonly status: number | null;
  /** Milliseconds of each sample that answered. */
  readonly samplesMs: readonly number[];
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
