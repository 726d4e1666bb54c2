import type { IncomingHttpHeaders } from 'node:http';
import type { HealthCheck } from '../../ports/health.ts';

const corsPrefix = 'access-control-';
/** Nobody's page: an origin that no service can know by chance. */
const strangeOrigin = 'https://loop.invalid';

/** Services answer with CORS headers only where a browser would ask: the origin that is to be allowed, or a strange one. */
export function originFor(wanted: HealthCheck['header']): string | null {
  const names = Object.entries(wanted).map(([name, value]) => ({ name: name.toLowerCase(), value }));
  if (!names.some(({ name }) => name.startsWith(corsPrefix))) return null;
  const allowed = names.find(({ name }) => name === 'access-control-allow-origin')?.value ?? '';
  return URL.canParse(allowed) ? new URL(allowed).origin : strangeOrigin;
}

/** The values of the headers that were asked for, by the names in the check. */
export function askedHeaders(wanted: HealthCheck['header'], headers: IncomingHttpHeaders): Record<string, string> {
  const names = Object.keys(wanted).filter((name) => headers[name.toLowerCase()] !== undefined);
  return Object.fromEntries(names.map((name) => [name, headerValue(headers, name)]));
}

function headerValue(headers: IncomingHttpHeaders, name: string): string {
  return [headers[name.toLowerCase()] ?? []].flat().join(', ');
}

export function headerProblem(wanted: HealthCheck['header'], headers: IncomingHttpHeaders): string | null {
  for (const [name, value] of Object.entries(wanted)) {
    const seen = headerValue(headers, name);
    if (seen === '' && headers[name.toLowerCase()] === undefined) return `expected a header ${name}`;
    if (!sameHeader(name.toLowerCase(), value, seen)) return `expected header ${name} to be ${value}, it is ${seen}`;
  }
  return null;
}

function sameHeader(name: string, wanted: string, seen: string): boolean {
  if (name === 'content-type') return sameMediaType(wanted, seen);
  // Lists of methods and names: what was asked for is among what is allowed, in any order.
  if (/^access-control-(allow-methods|allow-headers|expose-headers)$/.test(name)) {
    const allowed = wordsOf(seen);
    return wordsOf(wanted).every((word) => allowed.includes(word));
  }
  return wanted === seen;
}

/** `text/html; charset=utf-8` is `text/html`, unless the parameters were asked for too. */
function sameMediaType(wanted: string, seen: string): boolean {
  const plain = (text: string) => text.toLowerCase().replace(/\s+/g, '');
  return plain(wanted).includes(';') ? plain(wanted) === plain(seen) : plain(wanted) === plain(seen).split(';')[0];
}

function wordsOf(list: string): string[] {
  return list
    .toLowerCase()
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
}
