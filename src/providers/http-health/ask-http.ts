import { isDeepStrictEqual } from 'node:util';
import type { HealthCheck } from '../../ports/health.ts';
import { healthUserAgent, noAnswer, type Sample } from './sample.ts';

const bodyBytesMax = 64 * 1024;

/** Asks once by GET. A redirect is an answer, not a way to go on; of a longer body the first 64 KB are read. */
export async function askHttp(url: URL, check: HealthCheck, timeoutMs: number, signal: AbortSignal): Promise<Sample> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const begun = performance.now();
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: bounded,
      headers: { 'user-agent': healthUserAgent },
    });
    const body = await readCapped(response);
    const latencyMs = performance.now() - begun;
    const problem = problemOf(check, response, body);
    const because = `${url.href} answered ${response.status}${problem === null ? '' : `: ${problem}`}`;
    return { ok: problem === null, status: response.status, latencyMs, because };
  } catch (error) {
    return noAnswer(url, error, timeoutMs, signal);
  }
}

async function readCapped(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (response.body === null) return '';
  // Leaving the loop early cancels the rest of the body.
  for await (const chunk of response.body) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes >= bodyBytesMax) break;
  }
  return Buffer.concat(chunks).subarray(0, bodyBytesMax).toString('utf8');
}

function problemOf(check: HealthCheck, response: Response, body: string): string | null {
  const { status } = response;
  if (!check.statuses.some(({ from, to }) => status >= from && status <= to)) {
    return `expected status ${check.statuses.map(({ from, to }) => (from === to ? from : `${from} to ${to}`)).join(' or ')}`;
  }
  return headerProblem(check.header, response.headers) ?? jsonProblem(check.json, body);
}

function headerProblem(wanted: HealthCheck['header'], headers: Headers): string | null {
  for (const [name, value] of Object.entries(wanted)) {
    const seen = headers.get(name);
    if (seen === null) return `expected a header ${name}`;
    if (!sameHeader(name, value, seen)) return `expected header ${name} to be ${value}, it is ${seen}`;
  }
  return null;
}

/** `text/html; charset=utf-8` is `text/html`, unless the parameters were asked for too. */
function sameHeader(name: string, wanted: string, seen: string): boolean {
  if (name.toLowerCase() !== 'content-type') return wanted === seen;
  const plain = (text: string) => text.toLowerCase().replace(/\s+/g, '');
  return plain(wanted).includes(';') ? plain(wanted) === plain(seen) : plain(wanted) === plain(seen).split(';')[0];
}

function jsonProblem(wanted: HealthCheck['json'], body: string): string | null {
  const fields = Object.entries(wanted);
  if (fields.length === 0) return null;
  const json = parsed(body);
  if (json === null) return 'expected a JSON object as body';
  for (const [name, value] of fields) {
    if (!Object.hasOwn(json, name)) return `expected the field ${name} in the body`;
    if (isDeepStrictEqual(json[name], value)) continue;
    return `expected ${name} to be ${shown(value)}, it is ${shown(json[name])}`;
  }
  return null;
}

function parsed(body: string): Record<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(body);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : null;
  } catch {
    return null;
  }
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
