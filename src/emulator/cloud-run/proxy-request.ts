import { request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  brokenText,
  callerGone,
  type Entrance,
  frontEndName,
  noInstanceText,
  type ProxyOptions,
  tooLongText,
} from './front-end.ts';
import { headerObject, withoutHopByHop } from './hop-headers.ts';
import { unwelcomePage } from './invoker-check.ts';
import { watchRequest } from './request-facts.ts';
import { readTrace, traceHeaders } from './trace-context.ts';

/** Carries one request to an instance and back, and writes its log entry when the answer is over. */
export async function proxyRequest(
  options: ProxyOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const trace = readTrace(request.headers, options.random);
  const watch = watchRequest(request, trace, options.owner.project, options.clock);
  const unwelcome = options.check(request);
  if (unwelcome !== null) {
    request.resume();
    const headers = { 'content-type': 'text/html; charset=UTF-8', server: frontEndName };
    response.writeHead(unwelcome.status, headers).end(unwelcomePage(unwelcome));
    options.log(options.owner, watch.finish(unwelcome.status, unwelcome.text));
    return;
  }
  const entrance = await options.enter();
  if (entrance === null) {
    request.resume();
    answerText(response, 503, 'Service Unavailable');
    options.log(options.owner, watch.finish(503, noInstanceText));
    return;
  }
  const { status, text } = await exchange(entrance, request, response, traceHeaders(trace));
  options.log(entrance.source, watch.finish(status, text));
  entrance.done();
}

interface Outcome {
  readonly status: number;
  /** Cloud Run's own words when the fault was not the app's answer. */
  readonly text?: string;
}

function exchange(
  entrance: Entrance,
  request: IncomingMessage,
  response: ServerResponse,
  trace: Record<string, string>,
): Promise<Outcome> {
  return new Promise((resolve) => {
    // The caller may have left while the instance started.
    if (response.destroyed) return resolve({ status: callerGone });
    let failure: Outcome | null = null;
    const upstream = forward({
      createConnection: () => entrance.socket,
      method: request.method,
      path: request.url,
      headers: appHeaders(request, trace),
      setHost: false,
    });
    const fail = (status: number, text: string) => {
      if (failure !== null || response.closed) return;
      failure = { status, text };
      upstream.destroy();
      if (response.headersSent) response.destroy();
      else answerText(response, status, status === 504 ? 'upstream request timeout' : 'Service Unavailable');
    };
    const timer = setTimeout(() => fail(504, tooLongText), entrance.timeoutMs);
    upstream.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage, responseHeaders(answer));
      answer.once('error', () => fail(503, brokenText));
      answer.pipe(response);
    });
    upstream.on('error', () => fail(503, brokenText));
    request.once('error', () => upstream.destroy());
    response.once('close', () => {
      clearTimeout(timer);
      upstream.destroy();
      resolve(failure ?? { status: response.writableFinished ? response.statusCode : callerGone });
    });
    request.pipe(upstream);
  });
}

/** What the app sees: the caller's headers, who called, and the trace. */
export function appHeaders(request: IncomingMessage, trace: Record<string, string>): Record<string, string | string[]> {
  const before = request.headers['x-forwarded-for'];
  const caller = request.socket.remoteAddress ?? '127.0.0.1';
  const chunked: Record<string, string> =
    request.headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' };
  return {
    ...headerObject(
      withoutHopByHop(
        request.rawHeaders,
        'traceparent',
        'x-cloud-trace-context',
        'x-forwarded-for',
        'x-forwarded-proto',
      ),
    ),
    ...chunked,
    'x-forwarded-for': before === undefined ? caller : `${before},${caller}`,
    'x-forwarded-proto': 'http',
    ...trace,
  };
}

function responseHeaders(answer: IncomingMessage): Record<string, string | string[]> {
  return { ...headerObject(withoutHopByHop(answer.rawHeaders, 'server')), server: frontEndName };
}

function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain', server: frontEndName }).end(`${text}\n`);
}
