import { createServer } from 'node:http';
import { health, listen, requireEnv } from './boot.js';
import { answering, bearerToken, HttpError, pathOf, readJson, sendJson } from './http.js';
import { log } from './log.js';
import { createTokens } from './tokens.js';
import { passwordIsRight } from './users.js';

const env = requireEnv(['PORT', 'JWT_SECRET']);
const tokens = createTokens(env.JWT_SECRET);

const routes = {
  'GET /health': (_request, response) => sendJson(response, 200, health('auth')),
  'POST /login': login,
  'POST /verify': verify,
  'GET /me': me,
};

listen(createServer(answering(route)), 'auth');

async function route(request, response) {
  const handle = routes[`${request.method} ${pathOf(request)}`];
  if (!handle) throw new HttpError(404, 'not found');
  await handle(request, response);
}

async function login(request, response) {
  const { user, password } = await readJson(request);
  if (!passwordIsRight(user, password)) throw new HttpError(401, 'user or password is wrong');
  const token = await tokens.sign(user);
  log('login', { severity: 'INFO', user }, request.headers.traceparent);
  sendJson(response, 200, { token });
}

async function verify(request, response) {
  const { token } = await readJson(request);
  const claims = await claimsOf(token);
  sendJson(response, 200, { user: claims.sub, expiresAt: new Date(claims.exp * 1000).toISOString() });
}

async function me(request, response) {
  const claims = await claimsOf(bearerToken(request));
  sendJson(response, 200, { user: claims.sub });
}

async function claimsOf(token) {
  const claims = typeof token === 'string' ? await tokens.verify(token) : undefined;
  if (!claims) throw new HttpError(401, 'token is missing or not valid');
  return claims;
}
