import { spreadOf } from '../../core/percentiles.ts';
import type { HealthAnswer, HealthCheck } from '../../ports/health.ts';
import type { Line } from './line.ts';
import { nothingSeen, type Sample } from './sample.ts';
import { uptimeTold, versionProblem, versionTold } from './told.ts';

export const notMeasured: Omit<HealthAnswer, 'ok' | 'because'> = {
  status: null,
  samplesMs: [],
  coldMs: null,
  fields: 'unknown',
  version: null,
  uptimeSeconds: null,
  tls: null,
  addresses: [],
  seen: nothingSeen,
};

/** All samples as one answer: the first that is not as asked for decides; what is judged over all of them comes after. */
export function answerOf(
  check: HealthCheck,
  asked: { cold: Sample | null; samples: readonly Sample[]; seen: Line['seen'] },
): HealthAnswer {
  const { cold, samples, seen } = asked;
  const deciding = samples.find((sample) => !sample.ok) ?? samples.at(-1) ?? cold;
  const samplesMs = samples.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]));
  const version = versionTold(check.version, deciding?.json);
  const facts = {
    status: deciding?.status ?? null,
    samplesMs,
    coldMs: cold?.latencyMs ?? null,
    fields: deciding?.fields ?? ('unknown' as const),
    version,
    uptimeSeconds: uptimeTold(check.uptime, deciding?.json),
    tls: seen.tls,
    addresses: [...seen.addresses],
    seen: deciding?.seen ?? nothingSeen,
  };
  if (!deciding?.ok) return { ...facts, ok: false, because: deciding?.because ?? 'nothing was asked' };
  const problem =
    versionProblem(check.version, version) ??
    latencyProblem(check.latencyMsMax, samplesMs) ??
    tlsProblem(check, seen.tls);
  const because = problem === null ? deciding.because : `${deciding.because}: ${problem}`;
  return { ...facts, ok: problem === null, because };
}

/** Judged over the samples, since one slow answer is no p95. */
function latencyProblem(limits: HealthCheck['latencyMsMax'], samplesMs: readonly number[]): string | null {
  const spread = spreadOf(samplesMs);
  if (spread === null) return null;
  const over = (['p50', 'p95'] as const).find((name) => limits[name] !== null && spread[name] > limits[name]);
  if (over === undefined) return null;
  return `${over} of ${spread.n} samples is ${spread[over]} ms, expected at most ${limits[over]} ms`;
}

function tlsProblem({ tlsDaysMin }: HealthCheck, tls: HealthAnswer['tls']): string | null {
  if (tls === null || tls.daysLeft >= tlsDaysMin) return null;
  return `its certificate of ${tls.name} ends in ${tls.daysLeft} days (${tls.expiresAt}), expected ${tlsDaysMin} at least`;
}
