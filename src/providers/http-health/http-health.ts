import type { HealthAnswer, HealthCheck, HealthProbe } from '../../ports/health.ts';
import { askHttp } from './ask-http.ts';
import type { Sample } from './sample.ts';

/** Health over HTTP and WebSocket. Samples are taken one after the other; the first that is not as asked for decides. */
export function httpHealth(): HealthProbe {
  return {
    check: async (url, check, limits, signal) => {
      const { path } = check;
      const address = addressOf(url, path);
      if (address === null)
        return { ok: false, status: null, samplesMs: [], ...notMeasured, because: `${path} is no path of ${url}` };
      const ask = check.websocket ? (await import('./ask-websocket.ts')).askWebSocket : askHttp;
      const samples: Sample[] = [];
      do {
        samples.push(withinLatency(check, await ask(address, check, limits.timeoutMs, signal)));
      } while (samples.at(-1)?.ok && samples.length < limits.samples && !signal.aborted);
      return answer(samples);
    },
  };
}

/** Null for what is no URL, and for a path that would lead to another host. */
function addressOf(url: string, path: string): URL | null {
  if (!URL.canParse(path, url)) return null;
  const address = new URL(path, url);
  return address.host === new URL(url).host ? address : null;
}

function withinLatency(check: HealthCheck, sample: Sample): Sample {
  const { latencyMs } = sample;
  const limit = check.latencyMsMax.p95;
  if (!sample.ok || limit === null || latencyMs === null || latencyMs <= limit) return sample;
  const because = `${sample.because} in ${Math.round(latencyMs)} ms, expected at most ${limit} ms`;
  return { ...sample, ok: false, because };
}

const notMeasured = { coldMs: null, version: null, uptimeSeconds: null, tls: null, addresses: [] };

function answer(samples: readonly Sample[]): HealthAnswer {
  const deciding = samples.find((sample) => !sample.ok) ?? samples.at(-1);
  const samplesMs = samples.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs]));
  return {
    ok: deciding?.ok ?? false,
    status: deciding?.status ?? null,
    samplesMs,
    ...notMeasured,
    because: deciding?.because ?? 'nothing was asked',
  };
}
