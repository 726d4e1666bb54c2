import {
  isClearlyBad,
  type JudgedWatch,
  judgeWatch,
  usersOf,
  type WatchedRequest,
  type WatchLimits,
} from '../../core/judge-watch.ts';
import type { Health, TrafficWatch } from '../../core/record.ts';
import { fail, type Result, succeed } from '../../core/result.ts';
import { plain, proven } from '../../ports/journal.ts';
import type { LogEntry } from '../../ports/logs.ts';
import type { StageRun } from '../../ports/stage.ts';
import { checkHealth } from '../check-health.ts';
import type { StageParts } from '../parts.ts';

export type WatchParts = Pick<StageParts, 'environment' | 'pipeline' | 'deployer' | 'health' | 'logs' | 'sleep'>;

export interface WatchRequest {
  readonly key: string;
  readonly service: string;
  readonly revision: string;
  /** Where its health is asked: its own address, or the service's when it has everything. */
  readonly url: string | null;
  /** When the platform was seen to serve it. */
  readonly since: string;
  readonly seconds: number;
}

export interface Watched {
  readonly outcome: JudgedWatch['outcome'];
  readonly watch: TrafficWatch;
}

const entriesMax = 10_000;
const pollMsFirst = 1_000;
const pollMsMax = 10_000;
const settlePollMs = 250;
/** Everything of ours calls itself so: health checks, and suites with the run in their name. */
const ownUserAgent = /^loop[-/]/;

/**
 * How a revision does under traffic: its health at once and again at the end, and the requests that the platform logged for it in
 * between. What is beyond doubt ends the watch at once: users wait for it.
 */
export async function watchStep(request: WatchRequest, parts: WatchParts, run: StageRun): Promise<Watched> {
  const first = await health(`${request.key}/watch/1`, request, parts, run);
  if (first.sick) return sick(first.sick, request, run);
  const early = await clearlyBad(request, parts, run);
  const second = early ? first : await health(`${request.key}/watch/2`, request, parts, run);
  if (second.sick) return sick(second.sick, request, run);
  return run.journal.step<Watched>(`${request.key}/requests`, { revision: request.revision }, async () => {
    const read = await settled(request, parts, run);
    const seconds = secondsSince(request.since, run);
    if (!read.ok) return plain(unreadable(read.failure.message, seconds));
    return stored(request, { ...read.value, healthAsked: first.asked }, seconds, parts, run);
  });
}

function limitsOf({ traffic }: StageParts['pipeline']): WatchLimits {
  const { requestsMin, errorRateMax, latencyP95MsMax } = traffic;
  return { requestsMin, errorRateMaxPermille: errorRateMax, latencyP95MsMax: latencyP95MsMax ?? null };
}

/** Whether anything of it could be asked, and the first answer that is not healthy. */
interface Asked {
  readonly asked: boolean;
  readonly sick: Health | null;
}

async function health(key: string, request: WatchRequest, parts: WatchParts, run: StageRun): Promise<Asked> {
  const { service, url } = request;
  if (!url) return { asked: false, sick: null };
  const answers = await checkHealth({ key, service, role: 'candidate', url, retries: 0 }, parts, run);
  return { asked: answers.length > 0, sick: answers.find((one) => !one.ok) ?? null };
}

function sick({ because, evidence }: Health, { since }: WatchRequest, run: StageRun): Watched {
  const watch = { ...nothingSeen, seconds: secondsSince(since, run), because, evidence: [...evidence] };
  return { outcome: 'bad', watch };
}

function unreadable(message: string, seconds: number): Watched {
  const because = `not proven: its requests could not be read: ${message}`;
  return { outcome: 'unproven', watch: { ...nothingSeen, seconds, because } };
}

const nothingSeen = {
  requests: 0,
  own: 0,
  errors: 0,
  errorRatePermille: null,
  p95Ms: null,
  ok: false,
  evidence: [],
};

/** Waits for the watch's end; true when it need not be waited for. */
async function clearlyBad(request: WatchRequest, parts: WatchParts, run: StageRun): Promise<boolean> {
  const end = run.now().getTime() + request.seconds * 1000;
  for (let pollMs = pollMsFirst; ; pollMs = Math.min(pollMs * 1.5, pollMsMax)) {
    const leftMs = end - run.now().getTime();
    if (leftMs <= 0 || run.signal.aborted) return false;
    await parts.sleep(Math.min(leftMs, pollMs), run.signal);
    if (leftMs <= pollMs) return false;
    const read = await requestsOf(request, parts, run);
    if (read.ok && isClearlyBad(read.value.entries.map(asWatched), limitsOf(parts.pipeline))) return true;
  }
}

/** Entries come late: asked for again until there are enough of users, and one at all, or the pipeline's time for that is over. */
async function settled(request: WatchRequest, parts: WatchParts, run: StageRun): Promise<Result<Requests>> {
  const until = run.now().getTime() + parts.pipeline.logs.settleSeconds * 1000;
  for (;;) {
    const read = await requestsOf(request, parts, run);
    if (!read.ok) return read;
    const seen = read.value.entries.map(asWatched);
    const isEnough = seen.length > 0 && usersOf(seen) >= parts.pipeline.traffic.requestsMin;
    if (isEnough || run.now().getTime() >= until) return read;
    if (run.signal.aborted) return fail('cancelled', 'the run was stopped while it waited for log entries');
    await parts.sleep(settlePollMs, run.signal);
  }
}

interface Requests {
  readonly filter: string;
  readonly entries: readonly LogEntry[];
  readonly truncated: boolean;
}

/** The revision's own requests since it was served; filtered here too, whatever the reader of logs can filter by. */
async function requestsOf(request: WatchRequest, parts: WatchParts, run: StageRun): Promise<Result<Requests>> {
  const platform = parts.environment.services[request.service]?.cloudRun ?? request.service;
  const [from, to] = [request.since, new Date(run.now().getTime() + 1).toISOString()];
  const { revision } = request;
  const read = await parts.logs.read(
    { services: [platform], from, to, only: 'requests', revision, entriesMax },
    run.signal,
  );
  if (!read.ok) return read;
  const { filter, entries, truncated } = read.value;
  const own = entries.filter((one) => one.request !== null && one.revision === revision && one.service === platform);
  return succeed({ filter, truncated, entries: own });
}

function asWatched({ request }: LogEntry): WatchedRequest {
  const { status = 0, latencyMs = null, userAgent = '' } = request ?? {};
  return { status, latencyMs, own: ownUserAgent.test(userAgent) };
}

async function stored(
  { revision, since }: WatchRequest,
  { filter, entries, truncated, healthAsked }: Requests & { healthAsked: boolean },
  seconds: number,
  parts: WatchParts,
  run: StageRun,
) {
  const limits = limitsOf(parts.pipeline);
  const judged = judgeWatch(entries.map(asWatched), limits, { healthAsked });
  const because = `${judged.because} in ${seconds} s${truncated ? ` (only the first ${entriesMax} entries were read)` : ''}`;
  const rows = entries.map(({ insertId, at, request }) => ({ insertId, at, request }));
  const artifact = await run.artifacts.put({
    kind: 'requests',
    source: `Cloud Logging: requests of ${revision} under traffic`,
    at: run.now().toISOString(),
    content: JSON.stringify(
      { revision, since, seconds, filter, truncated, limits, healthAsked, judged, entries: rows },
      null,
      1,
    ),
    excerpt: `${revision}: ${because}`,
  });
  const { outcome, because: _told, ...facts } = judged;
  return proven<Watched>(artifact, (id) => ({
    outcome,
    watch: { ...facts, seconds, ok: outcome === 'good', because, evidence: [id] },
  }));
}

function secondsSince(since: string, run: StageRun): number {
  return Math.round((run.now().getTime() - Date.parse(since)) / 100) / 10;
}
