import type { IncomingHttpHeaders } from 'node:http';
import type { HealthAnswer, HealthCheck } from '../../ports/health.ts';
import { askedHeaders, headerProblem } from './header-problem.ts';
import { fieldsProblem, fieldsSeen, listed, shown, valueAt } from './json-fields.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Undefined where the body is no JSON. */
  readonly json: unknown;
  /** The body went on after what was read of it. */
  readonly cut: boolean;
}

/** Statuses from here on say that the server failed; nobody can ask for one as healthy. */
const serverFaultFrom = 500;
/** What a body calls itself when it is not healthy, although the status is 200. */
const sickWords = ['degraded', 'unhealthy', 'down', 'error', 'fail'];

/** The first thing that is not as asked for; null when all is well. */
export function httpProblem(check: HealthCheck, answer: HttpAnswer): string | null {
  const body = jsonProblem(check.json, answer) ?? sickBody(check.json, answer.json);
  const status = statusProblem(check.statuses, answer.status);
  // A wrong status whose body says why is told with it.
  const why = body !== null && typeof answer.json === 'object' ? `; ${body}` : '';
  return status === null ? (headerProblem(check.header, answer.headers) ?? body) : `${status}${why}`;
}

/** What a good answer was compared by, besides its status: `, status is "ok"`; empty where nothing else was asked for. */
export function comparedWords(check: HealthCheck, { json, headers }: HttpAnswer): string {
  const header = Object.entries(askedHeaders(check.header, headers)).map(([name, value]) => `${name} is ${value}`);
  const facts = listed([...fieldsSeen(check.json, json), ...header]);
  return facts && `, ${facts}`;
}

/** What the fields said, whatever the status was: a 503 can still tell which dependency is down. */
export function fieldsOf(check: HealthCheck, { json }: Pick<HttpAnswer, 'json'>): HealthAnswer['fields'] {
  // Who does not speak of it has not said that it is down.
  if (Object.keys(check.json).some((path) => valueAt(json, path) === undefined)) return 'unknown';
  return fieldsProblem(check.json, json, 'the body') === null ? 'met' : 'not-met';
}

function statusProblem(wanted: HealthCheck['statuses'], status: number): string | null {
  if (status >= serverFaultFrom && wanted.some(({ to }) => to >= serverFaultFrom))
    return 'a server fault is never healthy';
  if (status < serverFaultFrom && wanted.some(({ from, to }) => status >= from && status <= to)) return null;
  return `expected status ${wanted.map(({ from, to }) => (from === to ? from : `${from} to ${to}`)).join(' or ')}`;
}

function jsonProblem(wanted: HealthCheck['json'], { json, cut }: HttpAnswer): string | null {
  if (Object.keys(wanted).length === 0) return null;
  if (cut) return 'expected a JSON object as body, it is longer than what is read of it (64 KB)';
  if (typeof json !== 'object' || json === null) return 'expected a JSON object as body';
  return fieldsProblem(wanted, json, 'the body');
}

function sickBody(wanted: HealthCheck['json'], json: unknown): string | null {
  const told = Object.hasOwn(wanted, 'status') || Array.isArray(json) ? undefined : valueAt(json, 'status');
  const sick = typeof told === 'string' && sickWords.includes(told.trim().toLowerCase());
  return sick ? `the body calls itself ${shown(told)}` : null;
}
