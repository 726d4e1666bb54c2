import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Octokit } from '@octokit/rest';
import { type LedgerRow, startGitHub } from './server.ts';

const run = promisify(execFile);
export const token = 'ghp_only-for-tests';

/** For tests: the emulator on a free port with an empty repository `demo/chat`, the real client, and a real clone. */
export async function startedGitHub(options: { owner?: string; clock?: () => Date } = {}) {
  const stateFolder = await mkdtemp(path.join(tmpdir(), 'loop-github-'));
  const ledger: LedgerRow[] = [];
  const errors: object[] = [];
  const log = { debug: () => undefined, error: (fields: object) => void errors.push(fields) };
  const { owner = 'demo', clock } = options;
  const start = (port = 0) =>
    startGitHub({ stateFolder, port, token, log, ledger: (row) => void ledger.push(row), ...(clock && { clock }) });
  let server = await start();
  const octokit = clientOf(server.url);
  await octokit.rest.repos.createInOrg({ org: owner, name: 'chat' });
  return {
    stateFolder,
    ledger,
    errors,
    octokit,
    url: server.url,
    repo: { owner, repo: 'chat' },
    /** Starts a second server on the same files, as after a kill: the first one gets no chance to tidy up. */
    startAnother: () => start(),
    clone: (name: string) => cloneInto(path.join(stateFolder, name), `${server.url}/${owner}/chat.git`),
    async restart() {
      await server.close();
      server = await start(server.port);
    },
    async close() {
      await server.close();
      await rm(stateFolder, { recursive: true, force: true });
    },
  };
}

export type StartedGitHub = Awaited<ReturnType<typeof startedGitHub>>;

export function clientOf(baseUrl: string, auth = token): Octokit {
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  return new Octokit({ baseUrl, auth, log: quiet });
}

/** A worktree to commit in and push from, with the token in the environment only. */
export async function cloneInto(folder: string, url: string, password = token) {
  const basic = Buffer.from(`x-access-token:${password}`).toString('base64');
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: tmpdir(),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
    GIT_AUTHOR_NAME: 'Ada',
    GIT_AUTHOR_EMAIL: 'ada@example.com',
    GIT_COMMITTER_NAME: 'Ada',
    GIT_COMMITTER_EMAIL: 'ada@example.com',
  };
  await mkdir(folder, { recursive: true });
  const git = async (...args: string[]): Promise<string> =>
    (await run('git', args, { cwd: folder, env })).stdout.trim();
  await git('clone', '--quiet', url, '.');
  return {
    folder,
    git,
    /** Writes files, commits them on the branch that is checked out, and gives the commit. */
    async commit(message: string, files: Record<string, string>): Promise<string> {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
        await writeFile(path.join(folder, name), text);
      }
      await git('add', '--all');
      await git('commit', '--quiet', '-m', message);
      return git('rev-parse', 'HEAD');
    },
    push: (...refs: string[]) => git('push', '--quiet', 'origin', ...refs),
  };
}

/** What a refused call says: its status and message, with the texts of its errors. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'not refused';
  } catch (error) {
    if (!(error instanceof Error) || !('status' in error) || !('response' in error)) throw error;
    const { data } = error.response as { data: { message: string; errors?: { message?: string; field?: string }[] } };
    const errors = (data.errors ?? []).map((one) => one.message ?? one.field);
    return [error.status, data.message, ...errors].join(' | ');
  }
}
