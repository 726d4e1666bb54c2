import type { HealthCheckConfig } from '../config/environment.ts';
import type { HealthCheck } from '../ports/health.ts';
import type { Identity } from '../ports/id-tokens.ts';

/** What the config asks for, in full; `expected` is what the asked revision is known by, empty where nobody can tell. */
export function healthCheckOf(
  config: HealthCheckConfig,
  of: { expected: readonly string[]; identity: Identity | null },
): HealthCheck {
  const websocket = config.websocket !== undefined;
  return {
    path: config.websocket ?? config.path ?? '/',
    websocket,
    subprotocol: config.subprotocol ?? null,
    statuses: statusesOf(config.status ?? (websocket ? 101 : 200)),
    json: config.json ?? {},
    header: config.header ?? {},
    latencyMsMax: limitsOf(config.latencyMsMax),
    firstMessage: config.firstMessage ?? null,
    version: config.version === undefined ? null : { path: config.version, expected: of.expected },
    uptime: config.uptime ?? null,
    tlsDaysMin: config.tlsDaysMin ?? 0,
    identity: of.identity,
  };
}

export function targetOf(config: HealthCheckConfig): string {
  return config.websocket === undefined ? `GET ${config.path ?? '/'}` : `WebSocket ${config.websocket}`;
}

/** `2xx` is 200 to 299. */
function statusesOf(config: NonNullable<HealthCheckConfig['status']>): HealthCheck['statuses'] {
  return [config].flat().map((one) => {
    if (typeof one === 'number') return { from: one, to: one };
    const from = Number(one[0]) * 100;
    return { from, to: from + 99 };
  });
}

/** One number is the limit of p95. */
function limitsOf(config: HealthCheckConfig['latencyMsMax']): HealthCheck['latencyMsMax'] {
  if (typeof config === 'number') return { p50: null, p95: config };
  return { p50: config?.p50 ?? null, p95: config?.p95 ?? null };
}
