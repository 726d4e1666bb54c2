import type { HealthAnswer, HealthCheck, HealthLimits, HealthProbe } from '../../ports/health.ts';
import type { IdTokens } from '../../ports/id-tokens.ts';
import { answerOf, notMeasured } from './answer.ts';
import { askHttp, type Question } from './ask-http.ts';
import { connectTcp } from './connect-tcp.ts';
import { openLine } from './line.ts';
import type { Sample } from './sample.ts';

interface Options {
  /** Mints what private services ask for; without it they cannot be asked. */
  readonly idTokens?: IdTokens;
  readonly now?: () => Date;
  /** Certificate authorities instead of the usual ones, in PEM. */
  readonly ca?: string;
}

/** Health over HTTP and WebSocket. Samples are taken one after the other; the first that is not as asked for decides. */
export function httpHealth({ idTokens, now = () => new Date(), ca }: Options = {}): HealthProbe {
  return {
    connect: (address, { timeoutMs }, signal) => connectTcp(address, timeoutMs, signal),
    check: async (url, check, limits, signal) => {
      const address = addressOf(url, check);
      if (address === null) return refused(`${check.path} is no path of ${url}`);
      const token = await tokenFor(check, idTokens, signal);
      if (!token.ok) return refused(`${address.href} was not asked: ${token.because}`);
      const newLine = () => openLine(address, { now, ...(ca === undefined ? {} : { ca }) });
      return check.websocket
        ? askOnNewLines(
            { url: address, check, token: token.value, timeoutMs: limits.timeoutMs },
            limits,
            newLine,
            signal,
          )
        : askOnOneLine(
            { url: address, check, token: token.value, timeoutMs: limits.timeoutMs },
            limits,
            newLine,
            signal,
          );
    },
  };
}

type Asked = Omit<Question, 'line'>;
type NewLine = () => Question['line'];

/** Requests share a connection, so that samples measure the service and the warm-up what it takes to get there. */
async function askOnOneLine(
  asked: Asked,
  limits: HealthLimits,
  newLine: NewLine,
  signal: AbortSignal,
): Promise<HealthAnswer> {
  const line = newLine();
  try {
    const { cold, samples } = await takeSamples(() => askHttp({ ...asked, line }, signal), limits, signal);
    return answerOf(asked.check, { cold, samples, seen: line.seen });
  } finally {
    line.close();
  }
}

/** Each WebSocket is a connection of its own, closed by its two ends. */
async function askOnNewLines(
  asked: Asked,
  limits: HealthLimits,
  newLine: NewLine,
  signal: AbortSignal,
): Promise<HealthAnswer> {
  const { askWebSocket } = await import('./ask-websocket.ts');
  let line = newLine();
  const ask = () => {
    line = newLine();
    return askWebSocket({ ...asked, line }, signal);
  };
  const { cold, samples } = await takeSamples(ask, limits, signal);
  return answerOf(asked.check, { cold, samples, seen: line.seen });
}

/** Warm-ups may be slow or even refused while an instance starts; one that is not answered at all ends the attempt. */
async function takeSamples(
  ask: () => Promise<Sample>,
  limits: HealthLimits,
  signal: AbortSignal,
): Promise<{ cold: Sample | null; samples: Sample[] }> {
  let cold: Sample | null = null;
  for (let warmup = 0; warmup < limits.warmups; warmup += 1) {
    const sample = await ask();
    cold ??= sample;
    if (sample.status === null || signal.aborted) return { cold, samples: [sample] };
  }
  const samples: Sample[] = [];
  do {
    samples.push(await ask());
  } while (samples.at(-1)?.ok && samples.length < limits.samples && !signal.aborted);
  return { cold, samples };
}

/** Null for what is no URL, and for a path that would lead to another host. */
function addressOf(url: string, { path, websocket }: HealthCheck): URL | null {
  if (!URL.canParse(path, url)) return null;
  const address = new URL(path, url);
  if (address.host !== new URL(url).host || !/^https?:$/.test(address.protocol)) return null;
  if (websocket) address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  return address;
}

async function tokenFor({ identity }: HealthCheck, idTokens: IdTokens | undefined, signal: AbortSignal) {
  if (identity === null) return { ok: true as const, value: null };
  const minted = await idTokens?.mint(identity, signal);
  if (minted === undefined) return { ok: false as const, because: 'nobody mints ID tokens here' };
  return minted.ok
    ? { ok: true as const, value: minted.value.token }
    : { ok: false as const, because: minted.failure.message };
}

function refused(because: string): HealthAnswer {
  return { ...notMeasured, ok: false, because };
}
