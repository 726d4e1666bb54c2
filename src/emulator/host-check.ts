import type { IncomingMessage } from 'node:http';

/** A page in a browser can reach loopback under a name of its own; only our two names are answered. */
export function hasLocalHost(request: IncomingMessage, port: number): boolean {
  const { host } = request.headers;
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`;
}
