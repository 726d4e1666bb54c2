import { request as forward, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { brokenText, callerGone, type Entrance, frontEndName, noInstanceText, type ProxyOptions } from './front-end.ts';
import { headerObject, pairs, withoutHopByHop } from './hop-headers.ts';
import { appHeaders } from './proxy-request.ts';
import { watchRequest } from './request-facts.ts';
import { readTrace, traceHeaders } from './trace-context.ts';

/** Carries a WebSocket to an instance. Its log entry is written when the connection closes: status 101, whole time. */
export async function proxyUpgrade(
  options: ProxyOptions,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  const trace = readTrace(request.headers, options.random);
  const watch = watchRequest(request, trace, options.owner.project, options.clock);
  const unwelcome = options.check(request);
  if (unwelcome !== null) {
    options.log(options.owner, watch.finish(unwelcome.status, unwelcome.text));
    socket.end(rawAnswer(unwelcome.status, unwelcome.title, [['connection', 'close']]));
    return;
  }
  const entrance = await options.enter();
  if (entrance === null) {
    options.log(options.owner, watch.finish(503, noInstanceText));
    socket.end(rawAnswer(503, 'Service Unavailable', []));
    return;
  }
  const status = await connected(entrance, request, socket, head, traceHeaders(trace));
  options.log(entrance.source, watch.finish(status, status === 503 ? brokenText : undefined));
  entrance.done();
}

function connected(
  entrance: Entrance,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  trace: Record<string, string>,
): Promise<number> {
  return new Promise((resolve) => {
    let status = 503;
    if (socket.destroyed) return resolve(callerGone);
    const upstream = forward({
      createConnection: () => entrance.socket,
      method: request.method,
      path: request.url,
      headers: { ...upgradeHeaders(request), ...appHeaders(request, trace) },
      setHost: false,
    });
    const timer = setTimeout(() => socket.destroy(), entrance.timeoutMs);
    upstream.once('upgrade', (answer, app, appHead) => {
      status = 101;
      socket.write(rawAnswer(101, answer.statusMessage ?? 'Switching Protocols', pairs(answer.rawHeaders)));
      join(socket, head, app, appHead);
    });
    upstream.once('response', (answer) => {
      status = answer.statusCode ?? 502;
      socket.write(
        rawAnswer(status, answer.statusMessage ?? '', [...withoutHopByHop(answer.rawHeaders), ['connection', 'close']]),
      );
      answer.pipe(socket);
    });
    upstream.once('error', () => socket.end(rawAnswer(503, 'Service Unavailable', [])));
    socket.once('close', () => {
      clearTimeout(timer);
      upstream.destroy();
      resolve(status);
    });
    upstream.end();
  });
}

/** Two connections become one; when either ends, both do. */
function join(caller: Duplex, callerHead: Buffer, app: Duplex, appHead: Buffer): void {
  app.on('error', () => caller.destroy());
  app.once('close', () => caller.destroy());
  caller.once('close', () => app.destroy());
  if (callerHead.length > 0) app.write(callerHead);
  if (appHead.length > 0) caller.write(appHead);
  caller.pipe(app);
  app.pipe(caller);
}

function upgradeHeaders({ headers }: IncomingMessage): Record<string, string | string[]> {
  return headerObject([
    ['connection', 'Upgrade'],
    ['upgrade', headers.upgrade ?? 'websocket'],
  ]);
}

function rawAnswer(status: number, text: string, headers: readonly [string, string][]): string {
  const own = headers.filter(([name]) => name.toLowerCase() !== 'server');
  const lines = [...own, ['server', frontEndName] as const].map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${status} ${text}\r\n${lines.join('\r\n')}\r\n\r\n`;
}
