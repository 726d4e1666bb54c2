import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { hasGitToken, hasRestToken, isOwnHost, originForm } from './access.ts';
import { type Answer, type Effect, notFound, notImplemented, refuse } from './answer.ts';
import type { Forge } from './forge.ts';
import { type GitRequest, readGitRequest, serveGit } from './git-http.ts';
import { isGitHubPath } from './known-families.ts';
import { readPage } from './pages.ts';
import { readJson } from './rest-body.ts';
import { findRoute, readPath } from './route.ts';
import { routes } from './routes.ts';

/** One line of the ledger: something in the world outside of `loop` changed. */
export interface LedgerRow extends Effect {
  readonly api: 'github';
  readonly method: string;
  readonly path: string;
}

/** The part of a pino logger that is used here. */
export interface GitHubLog {
  debug(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface RequestContext {
  readonly forge: Forge;
  readonly port: number;
  readonly token: string;
  readonly log: GitHubLog;
  readonly ledger: (row: LedgerRow) => void | Promise<void>;
  readonly seen: () => void;
  readonly rateLimit: () => Record<string, string>;
}

/** Answers one HTTP request, whatever it is; never rejects. */
export async function handleRequest(
  context: RequestContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  context.seen();
  const method = request.method ?? 'GET';
  const target = originForm(request.url ?? '/');
  request.url = target;
  response.once('close', () => context.log.debug({ method, target, status: response.statusCode }, 'github answered'));
  try {
    if (!isOwnHost(request.headers.host, context.port))
      return sendText(response, 403, 'This host name is not served.\n');
    const segments = readPath(target);
    if (segments === null) return sendAnswer(context, response, notFound());
    const git = readGitRequest(method, segments);
    if (git !== null) return await answerGit(context, git, request, response);
    const isRead = method === 'GET' || method === 'HEAD';
    if (isRead && (await answerPage(context, segments, response))) return;
    await answerRest(context, segments, request, response);
  } catch (error) {
    context.log.error({ method, target, err: error }, 'github request failed');
    if (!response.headersSent) return sendAnswer(context, response, refuse(500, messageOf(error)));
    // The answer has begun: a cut connection is the only way left to say that it is not whole.
    response.destroy();
  }
}

async function answerGit(
  context: RequestContext,
  git: GitRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!hasGitToken(request.headers, context.token)) {
    response.setHeader('www-authenticate', 'Basic realm="GitHub"');
    return sendText(response, 401, 'Authentication failed: the password is the token.\n');
  }
  const repository = await context.forge.repository(git.owner, git.name);
  if (repository === null) return sendText(response, 404, 'Repository not found.\n');
  if (git.service === 'git-receive-pack' && request.headers['content-encoding'] !== undefined) {
    return sendText(response, 415, 'A push is not taken in a compressed request.\n');
  }
  const record = (effect: Effect) => writeLedger(context, request, effect);
  await serveGit(context.forge, repository, { git, request, response, record });
}

/** Pages are for a person's browser, which has no token: they are read-only and for this machine alone. */
async function answerPage(
  context: RequestContext,
  segments: readonly string[],
  response: ServerResponse,
): Promise<boolean> {
  const page = await readPage(context.forge, segments);
  if (page === null) return false;
  if ('location' in page) response.writeHead(302, { location: page.location }).end();
  else response.writeHead(200, pageHeaders).end(page.html);
  return true;
}

async function answerRest(
  context: RequestContext,
  segments: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { forge } = context;
  if (!hasRestToken(request.headers, context.token)) {
    const tried = request.headers.authorization !== undefined;
    return sendAnswer(context, response, refuse(401, tried ? 'Bad credentials' : 'Requires authentication'));
  }
  const [path = '', search = ''] = (request.url ?? '').split('?');
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
  const match = findRoute(routes, method, segments);
  if (match === null) {
    const answer = isGitHubPath(segments) ? notImplemented(`${method} ${path}`) : notFound();
    return sendAnswer(context, response, answer);
  }
  const body = await readJson(request);
  if (!body.ok) return sendAnswer(context, response, body.answer);
  const query = new URLSearchParams(search);
  const answer = await match.handler({ method, path, params: match.params, query, body: body.value, forge });
  if (answer.effect !== undefined) await writeLedger(context, request, answer.effect);
  sendAnswer(context, response, answer);
}

async function writeLedger(context: RequestContext, request: IncomingMessage, effect: Effect): Promise<void> {
  const [path = ''] = (request.url ?? '').split('?');
  await context.ledger({ api: 'github', method: request.method ?? '', path, ...effect });
}

function sendAnswer(context: RequestContext, response: ServerResponse, answer: Answer): void {
  const headers = {
    ...context.rateLimit(),
    'x-github-media-type': 'github.v3; format=json',
    'x-github-request-id': randomUUID(),
    'x-content-type-options': 'nosniff',
    ...answer.headers,
  };
  if (answer.body === undefined) {
    response.writeHead(answer.status, headers).end();
    return;
  }
  response.writeHead(answer.status, { ...headers, 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(answer.body));
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
