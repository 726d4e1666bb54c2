import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Only a request that means this machine is served: a page of the web that resolves its own name to us is not. */
export function isOwnHost(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}` || host === ghHost;
}

/** What `gh` calls the API of `GH_HOST=github.localhost`; nobody on the web can own a name below `localhost`. */
const ghHost = 'api.github.localhost';

/** Path and query of a request line; one that came through a proxy, as `gh` sends it, holds the whole URL. */
export function originForm(target: string): string {
  return target.replace(/^http:\/\/[^/]+(?=\/)/, '');
}

/** `Authorization: token T` or `Bearer T`, as GitHub's REST API takes it. */
export function hasRestToken(headers: IncomingHttpHeaders, token: string): boolean {
  const match = /^(?:token|bearer) +(\S+) *$/i.exec(headers.authorization ?? '');
  return match !== null && isSame(match[1] ?? '', token);
}

/** Basic authentication with any name and the token as password, as Git sends it. */
export function hasGitToken(headers: IncomingHttpHeaders, token: string): boolean {
  const match = /^basic +(\S+) *$/i.exec(headers.authorization ?? '');
  const pair = Buffer.from(match?.[1] ?? '', 'base64').toString();
  const colon = pair.indexOf(':');
  return colon >= 0 && isSame(pair.slice(colon + 1), token);
}

function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
