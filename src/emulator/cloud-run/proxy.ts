import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { hasLocalHost } from '../host-check.ts';
import { frontEndName, type ProxyOptions } from './front-end.ts';
import { proxyRequest } from './proxy-request.ts';
import { proxyUpgrade } from './proxy-upgrade.ts';

/** Cloud Run's front end keeps this path for itself: it never reaches a container, and leaves no entry. */
const reservedPath = '/healthz';

/**
 * The front end of one service or one tag. The libraries that proxy HTTP leave status, sizes and latency of each request
 * (and of a whole WebSocket) to be measured around them, which is most of this code; so it is written out.
 */
export function createProxy(options: ProxyOptions): Server {
  const server = createServer((request, response) => {
    if (!admitted(request, options)) refuse(response, 403, 'Forbidden: unknown host');
    else if (request.url === reservedPath) refuse(response, 404, 'Not Found');
    else void proxyRequest(options, request, response);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A caller that resets the connection ends it, in whatever state.
    socket.on('error', () => socket.destroy());
    if (admitted(request, options)) void proxyUpgrade(options, request, socket, head);
    else socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
  return server;
}

function admitted(request: IncomingMessage, { port, touch }: ProxyOptions): boolean {
  touch();
  return hasLocalHost(request, port);
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain', server: frontEndName }).end(`${text}\n`);
}
