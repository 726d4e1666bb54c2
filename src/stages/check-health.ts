import type { HealthCheckConfig } from '../config/environment.ts';
import { blankHealth } from '../core/blank-rows.ts';
import type { Health } from '../core/record.ts';
import type { Role } from '../core/words.ts';
import type { HealthAnswer, HealthCheck } from '../ports/health.ts';
import { proven } from '../ports/journal.ts';
import type { StageRun } from '../ports/stage.ts';
import type { StageParts } from './parts.ts';

type Parts = Pick<StageParts, 'environment' | 'pipeline' | 'health' | 'sleep'>;

const retryMs = 500;

/** Asks all declared endpoints of one service in one role; retried, with a limit, until they are healthy. */
export async function checkHealth(
  request: { key: string; service: string; role: Role; url: string; retries?: number },
  parts: Parts,
  run: StageRun,
): Promise<Health[]> {
  const config = parts.environment.services[request.service];
  const checks = (config?.health ?? []).map(asCheck);
  return Promise.all(
    checks.map((check, index) =>
      run.journal.step(`${request.key}/${request.service}/${request.role}/${index}`, { check }, async () => {
        const answer = await patiently(
          request.url,
          check,
          request.retries ?? parts.pipeline.health.retries,
          parts,
          run.signal,
        );
        const health = {
          ...blankHealth,
          service: request.service,
          role: request.role,
          target: targetOf(check),
          ok: answer.ok,
          status: answer.status,
        };
        const latencyMs = spread(answer.samplesMs);
        const content = JSON.stringify({ ...health, url: request.url, check, ...answer }, null, 2);
        const source = `health of ${request.service} (${request.role}), ${targetOf(check)}`;
        const artifact = await run.artifacts.put({
          kind: 'health',
          source,
          at: run.now().toISOString(),
          content,
          excerpt: answer.because,
        });
        return proven(artifact, (id) => ({ ...health, latencyMs, because: answer.because, evidence: [id] }));
      }),
    ),
  );
}

function asCheck(config: HealthCheckConfig): HealthCheck {
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
    version: null,
    uptime: config.uptime ?? null,
    tlsDaysMin: config.tlsDaysMin ?? 0,
    token: null,
  };
}

/** `2xx` is 200 to 299. */
function statusesOf(config: NonNullable<HealthCheckConfig['status']>): HealthCheck['statuses'] {
  return [config].flat().map((one) => {
    if (typeof one === 'number') return { from: one, to: one };
    const from = Number(one[0]) * 100;
    return { from, to: from + 99 };
  });
}

function limitsOf(config: HealthCheckConfig['latencyMsMax']): HealthCheck['latencyMsMax'] {
  if (typeof config === 'number') return { p50: null, p95: config };
  return { p50: config?.p50 ?? null, p95: config?.p95 ?? null };
}

async function patiently(
  url: string,
  check: HealthCheck,
  retries: number,
  parts: Parts,
  signal: AbortSignal,
): Promise<HealthAnswer> {
  const { samples, timeoutMs } = parts.pipeline.health;
  let answer = await parts.health.check(url, check, { samples, timeoutMs }, signal);
  for (let again = 0; again < retries && !answer.ok && !signal.aborted; again += 1) {
    await parts.sleep(retryMs, signal);
    answer = await parts.health.check(url, check, { samples, timeoutMs }, signal);
  }
  return answer;
}

function targetOf(check: HealthCheck): string {
  return check.websocket ? `WebSocket ${check.path}` : `GET ${check.path}`;
}

function spread(samplesMs: readonly number[]): Health['latencyMs'] {
  if (samplesMs.length === 0) return null;
  const sorted = [...samplesMs].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const rounded = (ms: number) => Math.round(ms * 10) / 10;
  return { p50: rounded(at(0.5)), p95: rounded(at(0.95)), n: sorted.length };
}
