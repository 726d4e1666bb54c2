import { clockMarginMs, requestsSince } from '../core/attempt-requests.ts';
import { fail, type Result, succeed } from '../core/result.ts';
import { testsSeen } from '../core/tests-seen.ts';
import { plain, proven } from '../ports/journal.ts';
import type { LogAnswer } from '../ports/logs.ts';
import type { StageRun } from '../ports/stage.ts';
import type { StageParts } from './parts.ts';
import type { SuiteAttempt } from './suite-attempt.ts';

type Parts = Pick<StageParts, 'environment' | 'pipeline' | 'logs' | 'sleep'>;

export interface Seen {
  /** Requests of the attempt that the expected revision answered. */
  readonly requests: number;
  readonly elsewhere: number;
  readonly revision: string;
  /** Passed tests whose own trace is in the log; null where none is or the log was cut off. Absent in what an older loop journaled. */
  readonly tests?: { readonly seen: number; readonly of: number } | null;
}

export interface SeenAnswer {
  /** By attempt id. */
  readonly seen: Readonly<Record<string, Seen>>;
  readonly evidence: string | null;
  readonly problem: string | null;
}

interface Expected {
  readonly attempt: SuiteAttempt;
  readonly service: string;
  readonly revision: string;
  /**
   * Every service that the suite was given an address of, where each of its tests is to be found: one may talk to another service
   * alone. Left out where nobody asks about single tests.
   */
  readonly given?: readonly string[];
}

const pollMs = 250;
const entriesMax = 10_000;

/**
 * The server-side proof: the requests of each attempt, found in the log of the revision that was to be tested.
 * Waits for late entries up to the pipeline's settle time (a socket's is written when it closes); no request entries at all is a
 * problem said apart from "not seen".
 */
export async function seenByServer(
  key: string,
  expected: readonly Expected[],
  parts: Parts,
  run: StageRun,
): Promise<SeenAnswer> {
  if (expected.length === 0) return { seen: {}, evidence: null, problem: null };
  return run.journal.step<SeenAnswer>(
    key,
    { attempts: expected.map((one) => [one.attempt.id, one.revision]) },
    async () => {
      const answer = await settled(expected, parts, run);
      if (!answer.ok) return plain({ seen: {}, evidence: null, problem: answer.failure.message });
      const { entries, filter, truncated } = answer.value;
      const silent = await silentLog(expected, answer.value, parts, run);
      if (silent !== null) return plain({ seen: {}, evidence: null, problem: silent });
      const seen = Object.fromEntries(expected.map((one) => [one.attempt.id, countFor(one, answer.value, parts)]));
      const rows = entries.map(({ insertId, at, service, revision, trace, request }) => ({
        insertId,
        at,
        service,
        revision,
        trace,
        request,
      }));
      const excerpt = `${entries.length} request entries of this run; filter: ${filter}`;
      const content = JSON.stringify({ filter, truncated, seen, entries: rows }, null, 1);
      const source = 'Cloud Logging: request entries with the user agent of this run';
      return proven(
        await run.artifacts.put({ kind: 'requests', source, at: run.now().toISOString(), content, excerpt }),
        (evidence) => ({
          seen,
          evidence,
          problem: null,
        }),
      );
    },
  );
}

async function settled(expected: readonly Expected[], parts: Parts, run: StageRun): Promise<Result<LogAnswer>> {
  const from = new Date(
    Math.min(...expected.map((one) => Date.parse(one.attempt.startedAt))) - clockMarginMs,
  ).toISOString();
  const names = expected.flatMap(({ service, given = [] }) => [service, ...given]);
  const services = [...new Set(names.map((name) => platformName(name, parts)))];
  const until = run.now().getTime() + parts.pipeline.logs.settleSeconds * 1000;
  for (;;) {
    const to = new Date(run.now().getTime() + clockMarginMs).toISOString();
    const answer = await parts.logs.read({ services, from, to, userAgent: run.record.run.id, entriesMax }, run.signal);
    if (!answer.ok) return answer;
    const complete = expected.every((one) => !misses(one, countFor(one, answer.value, parts)));
    if (complete || run.now().getTime() >= until) return succeed(answer.value);
    if (run.signal.aborted) return fail('cancelled', 'the run was stopped while it waited for log entries');
    await parts.sleep(pollMs, run.signal);
  }
}

/** What begins the sentence that says so. */
export const requestLogSilent = 'the request log of';

/**
 * Before a suite is called unseen: is the request log of its service written at all? loop's own health requests to it must be there.
 * Null where they are, where nobody is unseen, or where none was made.
 */
async function silentLog(
  expected: readonly Expected[],
  answer: LogAnswer,
  parts: Parts,
  run: StageRun,
): Promise<string | null> {
  const unseen = expected.filter((one) => {
    const { requests, elsewhere } = countFor(one, answer, parts);
    return requests + elsewhere === 0;
  });
  const asked = unseen.find(({ service }) => run.record.health.some((one) => one.service === service && one.status));
  if (!asked) return null;
  const services = [platformName(asked.service, parts)];
  const [from, to] = [run.record.run.startedAt, run.now().toISOString()];
  const any = await parts.logs.read({ services, from, to, only: 'requests', entriesMax: 1 }, run.signal);
  if (!any.ok || any.value.entries.length > 0) return null;
  return `${requestLogSilent} ${asked.service} is silent: not even loop's own health requests are in it (an exclusion filter, or entries later than logs.settleSeconds)`;
}

/** Whether more entries may still come: of the suite, or of a test of it where they are asked about. */
function misses({ given }: Expected, { requests, tests }: Seen): boolean {
  if (requests === 0) return true;
  return given !== undefined && tests !== null && tests !== undefined && tests.seen < tests.of;
}

function countFor(
  { attempt, service, revision, given }: Expected,
  { entries: all, truncated }: Pick<LogAnswer, 'entries' | 'truncated'>,
  parts: Parts,
): Seen {
  const entries = requestsSince(all, attempt.startedAt);
  const name = platformName(service, parts);
  const own = entries.filter(
    (entry) => entry.service === name && entry.request?.userAgent.includes(`attempt ${attempt.id}`),
  );
  const requests = own.filter((entry) => entry.revision === revision).length;
  const tests = given === undefined || truncated ? null : testsSeen(attempt, entries);
  return { requests, elsewhere: own.length - requests, revision, tests };
}

function platformName(service: string, parts: Parts): string {
  return parts.environment.services[service]?.cloudRun ?? service;
}
