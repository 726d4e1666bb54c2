import { log } from './log.js';

const BODY_BYTES_MAX = 64 * 1024;

/** A failure that the caller may read; everything else that a handler throws is answered with 500. */
export class HttpError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export function sendJson(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

/** The request's body as an object; anything else is the caller's mistake. */
export async function readJson(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new HttpError(413, `body is larger than ${BODY_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return parseObject(Buffer.concat(chunks).toString('utf8'));
}

export function bearerToken(request) {
  return /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/** Wraps a handler: what it throws becomes an answer and a log line, never a dead process. */
export function answering(handle) {
  return async (request, response) => {
    try {
      await handle(request, response);
    } catch (error) {
      const known = error instanceof HttpError;
      const status = known ? error.status : 500;
      const severity = status >= 500 ? 'ERROR' : 'WARNING';
      const reason = known ? error.message : error.stack;
      log('request refused', { severity, status, path: pathOf(request), reason }, request.headers.traceparent);
      if (response.headersSent) return response.destroy();
      sendJson(response, status, { error: known ? error.message : 'internal error' });
    }
  };
}

export function pathOf(request) {
  return request.url.split('?', 1)[0];
}

function parseObject(text) {
  try {
    const value = JSON.parse(text);
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  } catch {
    throw new HttpError(400, 'body is not JSON');
  }
  throw new HttpError(400, 'body is not a JSON object');
}
