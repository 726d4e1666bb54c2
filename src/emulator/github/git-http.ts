import { type ChildProcess, spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Effect } from './answer.ts';
import { readCgiHead } from './cgi-head.ts';
import { type Forge, repositoryFolder } from './forge.ts';
import { cleanEnvironment } from './git.ts';
import { readRef } from './git-refs.ts';
import { type PushedRef, watchPush } from './push-commands.ts';
import { reconcile } from './reconcile.ts';
import type { Repository } from './repository.ts';

/** A request of Git's smart HTTP protocol. The dumb one, which reads files, is not served. */
export interface GitRequest {
  readonly owner: string;
  readonly name: string;
  readonly service: 'info/refs' | 'git-upload-pack' | 'git-receive-pack';
}

/** Whether a request is for Git: `/<owner>/<repository>/<service>`, with or without `.git`, already split and decoded. */
export function readGitRequest(method: string, segments: readonly string[]): GitRequest | null {
  const [owner = '', folder = '', ...rest] = segments;
  const service = services.find((known) => known === rest.join('/'));
  const methodRight = method === (service === 'info/refs' ? 'GET' : 'POST');
  return service !== undefined && methodRight ? { owner, name: folder.replace(/\.git$/i, ''), service } : null;
}

const services = ['info/refs', 'git-upload-pack', 'git-receive-pack'] as const;

export interface GitExchange {
  readonly git: GitRequest;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Called with what a push changed. */
  readonly record: (effect: Effect) => Promise<void>;
}

/**
 * Serves clone, fetch and push through `git http-backend`. The answer to a push ends only when the pull requests have followed it
 * and it is recorded, so that whoever has pushed can ask at once.
 */
export async function serveGit(forge: Forge, repository: Repository, exchange: GitExchange): Promise<void> {
  const { git, request, response, record } = exchange;
  const backend = spawn('git', ['http-backend'], {
    env: backendEnvironment(forge, git, request),
    stdio: ['pipe', 'pipe', 'ignore'],
    signal: forge.host.signal,
  });
  const ended = exitOf(backend);
  const push = git.service === 'git-receive-pack' ? watchPush() : null;
  feed(request, push?.stream ?? null, backend.stdin);
  // A client that hangs up cuts the answer short; what its push changed until then still counts.
  await answerFrom(backend, response).catch(() => undefined);
  if (response.destroyed) backend.kill();
  await ended;
  const effect = push === null ? null : await settlePush(forge, repository, push.commands());
  if (effect !== null) await record(effect);
  response.end();
}

/** Looks which of the pushed refs really moved, and lets the pull requests follow. */
async function settlePush(
  forge: Forge,
  repository: Repository,
  commands: readonly PushedRef[],
): Promise<Effect | null> {
  await repository.exclusively(() => reconcile(forge, repository));
  const moved: string[] = [];
  for (const { ref, from, to } of commands) {
    const now = (await readRef(repository.git, ref))?.sha ?? null;
    if (now === to) moved.push(`${ref} ${from ?? 'nothing'} to ${to ?? 'nothing'}`);
  }
  const { owner, name } = repository.record();
  return moved.length === 0 ? null : { name: `${owner}/${name}`, detail: moved.join(', ') };
}

/** Hands the request's body on. A backend that has read enough leaves the rest unread: that must not cut the client's connection. */
function feed(request: IncomingMessage, through: Transform | null, input: Writable): void {
  input.on('error', () => {
    request.unpipe();
    request.resume();
  });
  request.on('close', () => {
    if (!request.complete) input.destroy();
  });
  if (through === null) request.pipe(input);
  else request.pipe(through).pipe(input);
}

async function answerFrom(backend: ChildProcess, response: ServerResponse): Promise<void> {
  if (backend.stdout === null) throw new Error('git http-backend was started without an output');
  const head = await readCgiHead(backend.stdout);
  if (head === null) {
    response.writeHead(500);
    return;
  }
  response.writeHead(head.status, head.headers);
  response.write(head.rest);
  await pipeline(backend.stdout, response, { end: false });
}

function backendEnvironment(forge: Forge, git: GitRequest, request: IncomingMessage): Record<string, string> {
  const { headers } = request;
  return {
    ...cleanEnvironment(forge.host.searchPath),
    GIT_PROJECT_ROOT: forge.root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${repositoryFolder(forge, git.owner, git.name)}/${git.service}`,
    QUERY_STRING: (request.url ?? '').split('?')[1] ?? '',
    REQUEST_METHOD: request.method ?? 'GET',
    CONTENT_TYPE: headers['content-type'] ?? '',
    ...(headers['content-length'] !== undefined && { CONTENT_LENGTH: headers['content-length'] }),
    HTTP_CONTENT_ENCODING: headers['content-encoding'] ?? '',
    GIT_PROTOCOL: oneLine(headers['git-protocol']),
    REMOTE_USER: forge.login,
    REMOTE_ADDR: '127.0.0.1',
  };
}

function oneLine(header: string | string[] | undefined): string {
  return Array.isArray(header) ? header.join(':') : (header ?? '');
}

function exitOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on('error', () => resolve());
    child.once('close', () => resolve());
  });
}
