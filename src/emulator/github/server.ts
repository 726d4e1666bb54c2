import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { openForge } from './forge.ts';
import { type GitHubLog, handleRequest, type LedgerRow } from './handle-request.ts';
import { countCalls } from './rate-limit.ts';

export type { LedgerRow };

export interface GitHubOptions {
  /** Repositories and their records are kept in `github/<owner>/` below it. */
  readonly stateFolder: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly token: string;
  /** The name of the token's user. */
  readonly login?: string;
  readonly log: GitHubLog;
  /** Called for each call that changed something, before it is answered. */
  readonly ledger: (row: LedgerRow) => void | Promise<void>;
  /** Called at each request, so that whoever started us knows that we are not idle. */
  readonly seen?: () => void;
  readonly clock?: () => Date;
  /** Where `git` is found. */
  readonly searchPath?: string;
}

const closeMsMax = 2000;

/** Starts GitHub on a loopback port: REST API and pages at `/`, Git at `/<owner>/<repository>.git`. Rejects when the port is taken. */
export async function startGitHub(
  options: GitHubOptions,
): Promise<{ port: number; url: string; close(): Promise<void> }> {
  const root = path.join(options.stateFolder, 'github');
  await mkdir(root, { recursive: true });
  const { login = 'loop-local', clock = () => new Date(), searchPath = process.env.PATH ?? '' } = options;
  const ending = new AbortController();
  const server = createServer();
  const port = await listen(server, options.port);
  const url = `http://127.0.0.1:${port}`;
  const forge = openForge({ origin: url, login, root, clock, host: { searchPath, signal: ending.signal } });
  const { token, log, ledger, seen = () => undefined } = options;
  const context = { forge, port, token, log, ledger, seen, rateLimit: countCalls(clock) };
  server.on('request', (request, response) => void handleRequest(context, request, response));
  return { port, url, close: () => close(server, ending) };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') return reject(new Error('the server has no port'));
      resolve(address.port);
    });
  });
}

/** Lets running calls end for a moment, then ends them and their Git processes. */
async function close(server: Server, ending: AbortController): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => {
    ending.abort();
    server.closeAllConnections();
  }, closeMsMax);
  await closed;
  clearTimeout(cut);
  ending.abort();
}
