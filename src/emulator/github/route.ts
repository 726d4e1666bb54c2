import type { Handler } from './call.ts';

export interface Route {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handler: Handler;
}

export interface RouteMatch {
  readonly handler: Handler;
  readonly params: Readonly<Record<string, string>>;
}

/** A line of the route table. `{name}` takes one segment of a path, `{name*}` at the end takes one or more, slashes kept. */
export function route(method: string, pattern: string, handler: Handler): Route {
  return { method, segments: pattern.slice(1).split('/'), handler };
}

/** The first line of the table that fits a path, which comes split and decoded. */
export function findRoute(routes: readonly Route[], method: string, path: readonly string[]): RouteMatch | null {
  for (const candidate of routes) {
    const params = candidate.method === method ? matchSegments(candidate.segments, path) : null;
    if (params !== null) return { handler: candidate.handler, params };
  }
  return null;
}

/**
 * Splits and decodes the path of a request target, before anything may normalise it; null for one that tries to leave its place:
 * `..`, an empty part, a control character, a broken escape.
 */
export function readPath(target: string): string[] | null {
  const [raw = ''] = target.split('?');
  if (!raw.startsWith('/')) return null;
  try {
    const segments = raw.slice(1).replace(/\/$/, '').split('/').map(decodeURIComponent);
    return segments.every(isHarmless) ? segments : null;
  } catch {
    return null;
  }
}

function matchSegments(pattern: readonly string[], path: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const actual = path[index];
    if (actual === undefined || actual === '') return null;
    const name = /^\{(\w+)(\*?)\}$/.exec(expected);
    if (name === null && expected !== actual) return null;
    if (name?.[2] === '*') return { ...params, [name[1] ?? '']: path.slice(index).join('/') };
    if (name !== null) params[name[1] ?? ''] = actual;
  }
  return path.length === pattern.length ? params : null;
}

function isHarmless(segment: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a control character in a path is what we look for.
  if (/[\u0000-\u001f\u007f\\]/.test(segment)) return false;
  // An encoded slash may end a segment (`heads%2Floop%2F`), but nothing may be empty before it.
  const parts = segment.replace(/\/$/, '').split('/');
  return parts.every((part) => part !== '.' && part !== '..' && (part !== '' || parts.length === 1));
}
