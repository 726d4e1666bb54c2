import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Answer, refuse } from '../answer.ts';
import { makeCaller, principalHeader } from '../caller.ts';
import { sameText } from '../grpc-server.ts';
import type { Log } from '../log.ts';
import { type RestApi, type RestCall, refusalBody } from './rest-call.ts';

const bodyBytesMax = 4 * 1024 * 1024;

export interface RestOptions {
  readonly token: string;
  readonly log: Log;
  readonly apis: readonly RestApi[];
}

/** The APIs over HTTP/1.1 and JSON. A client may use it as its `http_proxy`: then the request line holds a whole URL. */
export function createRestServer(options: RestOptions): Server {
  return createServer((request, response) => {
    // A caller that goes away while it sends is no reason to end.
    serve(options, request, response).catch((error) => {
      options.log.warn({ path: request.url, error: String(error) }, 'a REST call broke off');
      response.destroy();
    });
  });
}

async function serve(options: RestOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const outcome = await answerCall(options, request);
  const { httpStatus, body } = outcome.ok ? { httpStatus: 200, body: outcome.value } : refusalBody(outcome);
  const text = JSON.stringify(body);
  response.writeHead(httpStatus, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

async function answerCall({ token, apis, log }: RestOptions, request: IncomingMessage): Promise<Answer<object>> {
  if (!sameText(request.headers.authorization ?? '', `Bearer ${token}`)) {
    return refuse('UNAUTHENTICATED', 'Request had invalid authentication credentials.');
  }
  const call = await readCall(request);
  if (call === null) return refuse('INVALID_ARGUMENT', 'The request is malformed: its body is no JSON, or too long.');
  try {
    for (const api of apis) {
      const answered = api(call);
      if (answered !== null) return await answered;
    }
  } catch (error) {
    log.error({ path: call.path, error: String(error) }, 'REST call failed');
    return refuse('INTERNAL', `The emulator failed in ${call.method} ${call.path}: ${String(error)}`);
  }
  return refuse('UNIMPLEMENTED', `The emulator does not implement ${call.method} ${call.path}.`);
}

/** Null for a body that cannot be read. */
async function readCall(request: IncomingMessage): Promise<RestCall | null> {
  const { headers, method = '', url = '' } = request;
  const base = `http://${headers.host ?? 'localhost'}`;
  if (!URL.canParse(url, base)) return null;
  const { pathname, host, searchParams } = new URL(url, base);
  const body = await readBody(request);
  const path = decoded(pathname);
  if (body === undefined || path === null) return null;
  // What `gcloud run` speaks is v1; nothing else here is audited.
  const caller = makeCaller('v1', headers[principalHeader], headers['user-agent']);
  return { method, path, host, query: searchParams, body, caller };
}

function decoded(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > bodyBytesMax) return undefined;
  }
  try {
    return text.trim() === '' ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}
