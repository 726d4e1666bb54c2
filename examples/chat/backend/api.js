import { runAgent } from './agent.js';
import { health } from './boot.js';
import { bearerToken, HttpError, pathOf, readJson, sendJson } from './http.js';
import { log } from './log.js';
import { storedMessage } from './messages.js';

// The page comes from another origin; tokens travel in a header, so any origin may ask.
const CORS = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization, content-type' };

/** The REST side: `POST /api/login`, `POST /api/agents/run`, `GET /api/messages`, `GET /health`. */
export function createApi({ login, messages, userOf, redis }) {
  const routes = {
    'GET /health': async (_request, response) => sendJson(response, 200, await healthWith(redis)),
    'POST /api/login': async (request, response) =>
      sendJson(response, 200, await login(await readJson(request), request.headers), CORS),
    'POST /api/agents/run': async (request, response) => {
      const user = await requireUser(request);
      const message = requireMessage(await readJson(request));
      const outcome = await runAgent({ user, message }, () => {});
      messages.add(user, storedMessage(message, outcome));
      log('agent run', { severity: 'INFO', user, run_id: outcome.run_id }, request.headers.traceparent);
      sendJson(response, 200, outcome, CORS);
    },
    'GET /api/messages': async (request, response) => {
      const user = await requireUser(request);
      const query = new URL(request.url, 'http://service').searchParams;
      const filter = { runId: query.get('run_id') ?? undefined, limit: limitOf(query.get('limit')) };
      sendJson(response, 200, { messages: messages.list(user, filter) }, CORS);
    },
  };

  async function requireUser(request) {
    const user = await userOf(bearerToken(request));
    if (!user) throw new HttpError(401, 'token is missing or not valid');
    return user;
  }

  return async function route(request, response) {
    if (request.method === 'OPTIONS') return response.writeHead(204, CORS).end();
    const handle = routes[`${request.method} ${pathOf(request)}`];
    if (!handle) throw new HttpError(404, 'not found');
    await handle(request, response);
  };
}

/** With a Redis, the service is as healthy as that: without it, it still answers, and says that it is degraded. */
async function healthWith(redis) {
  if (!redis) return health('backend');
  const connected = await redis();
  return { ...health('backend'), ...(connected ? {} : { status: 'degraded' }), redis: { connected } };
}

function requireMessage({ message }) {
  if (typeof message !== 'string' || message === '') throw new HttpError(400, 'message: expected a text');
  return message;
}

function limitOf(text) {
  if (text === null) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new HttpError(400, 'limit: expected a number from 1 to 9999');
  return Number(text);
}
