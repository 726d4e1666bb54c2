import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Octokit } from '@octokit/rest';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Result } from '../../core/result.ts';
import { startGitHub } from '../../emulator/github/server.ts';
import { gitRepository } from '../git/repository.ts';
import { runProgram } from '../process/run-program.ts';
import { githubForge } from './forge.ts';

const log = pino({ level: 'silent' });
const token = 'a-token-that-stays-secret';
const { signal } = new AbortController();
let folder = '';
let emulator: Awaited<ReturnType<typeof startGitHub>>;
let ledger: { method: string; path: string }[] = [];
let octokit: Octokit;
let repo = '';
let made = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loop-github-'));
  emulator = await startGitHub({ stateFolder: folder, port: 0, token, log, ledger: (row) => void ledger.push(row) });
  octokit = new Octokit({ baseUrl: emulator.url, auth: token });
});
afterAll(async () => {
  await emulator.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  made += 1;
  repo = `chat-${made}`;
  await octokit.rest.repos.createInOrg({ org: 'demo', name: repo });
  ledger = [];
});

function forge(more: { baseUrl?: string; token?: string; login?: string; repo?: string } = {}) {
  return githubForge({ baseUrl: emulator.url, token, owner: 'demo', repo, version: '1', log, ...more });
}

async function value<T>(result: Promise<Result<T>>): Promise<T> {
  const settled = await result;
  if (!settled.ok) throw new Error(`${settled.failure.code}: ${settled.failure.message}`);
  return settled.value;
}

async function failure(result: Promise<Result<unknown>>): Promise<string> {
  const settled = await result;
  return settled.ok ? 'no failure' : `${settled.failure.code}: ${settled.failure.message}`;
}

const words = { title: 'E2E-DEPLOY-x', body: 'What was seen.', labels: ['loop'] };

describe('issues', () => {
  test('made once for a key, edited only when the text differs, closed, opened again', async () => {
    const request = { key: 'cause/ab12/1', ...words };
    const issue = await value(forge().openIssue(request, signal));
    expect(issue).toMatchObject({ key: 'cause/ab12/1', body: 'What was seen.', state: 'open', labels: ['loop'] });
    expect((await value(forge().openIssue(request, signal))).number).toBe(issue.number);
    const { number, key } = { ...issue, key: request.key };
    await value(forge().editIssue({ key, number, body: 'What was seen.\n' }, signal));
    const writes = ledger.length;
    expect((await value(forge().editIssue({ key, number, body: 'More.' }, signal))).body).toBe('More.');
    expect((await value(forge().setIssueState({ key, number, state: 'closed' }, signal))).state).toBe('closed');
    await value(forge().setIssueState({ key, number, state: 'closed' }, signal));
    expect((await value(forge().openIssue(request, signal))).state).toBe('closed');
    expect((await value(forge().setIssueState({ key, number, state: 'open' }, signal))).state).toBe('open');
    expect([writes, ledger.length]).toEqual([1, 4]);
    expect((await value(forge().issues(signal))).map((each) => each.body)).toEqual(['More.']);
  });

  test('a marker in a person’s issue does not count, and that issue is not touched', async () => {
    const body = 'I quote: <!-- loop:key=cause/ab12/1 -->';
    const { data } = await octokit.rest.issues.create({ owner: 'demo', repo, title: 'mine', body });
    const other = forge({ login: 'somebody-else' });
    expect(await value(other.issues(signal))).toEqual([]);
    const edit = other.editIssue({ key: 'k', number: data.number, body: 'x' }, signal);
    expect(await failure(edit)).toBe(`conflict: issue #${data.number} was not written by loop`);
    const close = other.setIssueState({ key: 'k', number: data.number, state: 'closed' }, signal);
    expect(await failure(close)).toContain('conflict');
  });

  test('more issues than one page holds', async () => {
    for (let each = 0; each < 104; each += 1) {
      await octokit.rest.issues.create({ owner: 'demo', repo, title: `t${each}`, body: `<!-- loop:key=k${each} -->` });
    }
    const issues = await value(forge().issues(signal));
    expect([issues.length, issues[0]?.key, issues.at(-1)?.key]).toEqual([104, 'k103', 'k0']);
    expect((await value(forge().openIssue({ key: 'k0', ...words }, signal))).title).toBe('t0');
  });

  test('a comment for each key: created, left, edited', async () => {
    const { number } = await value(forge().openIssue({ key: 'k', ...words }, signal));
    const say = (key: string, body: string) => value(forge().comment({ key, number, body }, signal));
    const first = await say('run/1', 'red');
    expect(first.action).toBe('created');
    expect(await say('run/1', 'red')).toEqual({ action: 'none', url: first.url });
    expect(await say('run/1', 'green')).toEqual({ action: 'edited', url: first.url });
    expect((await say('run/2', 'red')).action).toBe('created');
    const { data } = await octokit.rest.issues.listComments({ owner: 'demo', repo, issue_number: number });
    expect(data.map((each) => each.body)).toEqual([
      'green\n\n<!-- loop:key=run/1 -->',
      'red\n\n<!-- loop:key=run/2 -->',
    ]);
  });
});

describe('pull requests, over a branch that git pushed', () => {
  test('clone, fix, push, open once, edit, merge', async () => {
    const repository = gitRepository({
      folder: join(folder, `loop-${repo}`),
      remoteUrl: `${emulator.url}/demo/${repo}.git`,
      token,
      base: 'main',
      identity: { name: 'loop', email: 'loop@example.com' },
      link: null,
      env: { PATH: process.env.PATH, https_proxy: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9' },
      run: async (argv, options, stop) => {
        expect(argv.join(' ')).not.toContain(token);
        return runProgram(argv, options, stop);
      },
    });
    expect(await failure(repository.fetch(null, signal))).toContain('the repository has no commits');
    const base = await seed();
    expect(await value(repository.fetch(null, signal))).toBe(base);
    const branch = 'loop/fix/ab12-1';
    const tree = await value(repository.worktree({ name: 'fix', commit: base, branch }, signal));
    const at = '2026-01-01T00:00:00Z';
    await rm(join(tree, 'file.txt'));
    const commit = await value(repository.commit({ folder: tree, message: 'Remove it', at }, signal));
    await value(repository.push({ key: 'k', branch, commit }, signal));
    expect(await value(repository.remoteBranch(branch, signal))).toBe(commit);

    const request = { key: 'cause/ab12/1', ...words, branch, base: 'main' };
    const pull = await value(forge().openPull(request, signal));
    expect(pull).toMatchObject({ state: 'open', headCommit: commit, mergeCommit: null, branch, key: 'cause/ab12/1' });
    expect((await value(forge().openPull(request, signal))).number).toBe(pull.number);
    expect(await failure(forge().openPull({ ...request, key: 'another' }, signal))).toContain(
      'conflict: GitHub answered 422',
    );
    const { number } = pull;
    expect((await value(forge().editPull({ key: 'k', number, body: 'Proven.' }, signal))).body).toBe('Proven.');

    const { data } = await octokit.rest.pulls.merge({
      owner: 'demo',
      repo,
      pull_number: number,
      merge_method: 'squash',
    });
    const [merged] = await value(forge().pulls(signal));
    expect(merged).toMatchObject({ number, state: 'merged', mergeCommit: data.sha, body: 'Proven.' });
    expect(await value(repository.fetch(null, signal))).toBe(data.sha);
    expect(await value(repository.contains(data.sha, commit, signal))).toBe(false);
    expect(await value(repository.patchId(data.sha, signal))).toBe(await value(repository.patchId(commit, signal)));
    expect(await value(forge().issues(signal))).toEqual([]);
    const { data: issue } = await octokit.rest.issues.get({ owner: 'demo', repo, issue_number: number });
    expect(issue.labels).toHaveLength(1);

    const badToken = { token: 'wrong', env: { PATH: process.env.PATH }, run: runProgram, link: null };
    const outsider = gitRepository({
      folder: join(folder, 'outsider'),
      remoteUrl: `${emulator.url}/demo/${repo}.git`,
      base: 'main',
      identity: { name: 'x', email: 'x@example.com' },
      ...badToken,
    });
    expect(await failure(outsider.fetch(null, signal))).toContain('permission: git fetch:');
  });

  /** A first commit on main, pushed as an engineer would. */
  async function seed(): Promise<string> {
    const seeded = await seedRepository(join(folder, `seed-${repo}`), `${emulator.url}/demo/${repo}.git`);
    return seeded;
  }
});

async function seedRepository(work: string, url: string): Promise<string> {
  const credentials = Buffer.from(`x:${token}`).toString('base64');
  const env = {
    PATH: process.env.PATH ?? '',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@example.com',
  };
  const script = `git init -q -b main "$1" && cd "$1" && echo hello > file.txt && echo more > other.txt && git add -A && git commit -qm first &&
    git -c http.extraHeader="Authorization: Basic $3" push -q "$2" main && git rev-parse HEAD`;
  const end = await runProgram(
    ['sh', '-c', script, 'seed', work, url, credentials],
    { cwd: folder, env, timeoutMs: 30_000, graceMs: 1000, outputBytesMax: 100_000 },
    signal,
  );
  return end.output.read('stdout').toString().trim();
}

describe('what can go wrong', () => {
  let server: Server;
  let url = '';
  let calls: string[] = [];
  let behave: (
    method: string,
  ) => { status: number; headers?: Record<string, string>; body?: object } | 'pass' | 'lose' = () => 'pass';

  /** Stands between the forge and the emulator: passes on, answers itself, or loses the answer. */
  beforeAll(async () => {
    server = createServer((incoming, outgoing) => {
      const method = incoming.method ?? '';
      calls.push(method);
      const act = behave(method);
      if (act !== 'pass' && act !== 'lose') {
        incoming.resume();
        outgoing.writeHead(act.status, { 'content-type': 'application/json', ...act.headers });
        outgoing.end(JSON.stringify(act.body ?? { message: 'no' }));
        return;
      }
      const headers = { ...incoming.headers, host: `127.0.0.1:${emulator.port}` };
      const onward = forward(
        { port: emulator.port, host: '127.0.0.1', path: incoming.url, method, headers },
        (answer) => {
          if (act === 'lose') return void answer.resume().on('end', () => outgoing.destroy());
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        },
      );
      incoming.pipe(onward);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    calls = [];
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  });

  test('an answer that is lost makes no second issue, comment or pull request', async () => {
    behave = (method) => (method === 'POST' ? 'lose' : 'pass');
    const through = forge({ baseUrl: url });
    const issue = await value(through.openIssue({ key: 'k', ...words }, signal));
    const said = await value(through.comment({ key: 'c', number: issue.number, body: 'red' }, signal));
    expect(said.action).toBe('created');
    expect(calls.filter((method) => method === 'POST')).toHaveLength(2);
    expect(ledger.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });

  const answers: [number, Record<string, string>, object, string][] = [
    [401, {}, { message: 'Bad credentials' }, 'permission: GitHub answered 401 to'],
    [403, {}, { message: 'Resource not accessible' }, 'permission: GitHub answered 403 to'],
    [403, { 'x-ratelimit-remaining': '0' }, { message: 'no' }, 'quota: GitHub answered 403 to'],
    [403, {}, { message: 'You have exceeded a secondary rate limit' }, 'quota: '],
    [429, {}, { message: 'slow down' }, 'quota: GitHub answered 429 to'],
    [404, {}, { message: 'Not Found' }, 'not-found: GitHub answered 404 to'],
    [422, {}, { message: 'Validation Failed' }, 'conflict: GitHub answered 422 to'],
    [409, {}, { message: 'Conflict' }, 'conflict: GitHub answered 409 to a list'],
    [200, {}, [{ number: 'seven' }], 'unreadable: GitHub answered in another shape: number: '],
  ];
  test.each(answers)('%s %j is a value', async (status, headers, body, expected) => {
    behave = () => ({ status, headers, body });
    expect(await failure(forge({ baseUrl: url, login: 'x' }).issues(signal))).toContain(expected);
    expect(calls).toHaveLength(status === 429 ? 2 : 1);
  });

  test('a server fault is asked about again when it is a read, never when it makes something', async () => {
    behave = (method) => (method === 'POST' ? { status: 502 } : 'pass');
    const opened = forge({ baseUrl: url }).openIssue({ key: 'k', ...words }, signal);
    expect(await failure(opened)).toContain('unavailable: GitHub answered 502 to POST');
    expect(calls.filter((method) => method === 'POST')).toHaveLength(1);
  });

  test('a GitHub that is gone, a wrong token, no such repository, a cancelled call', async () => {
    expect(await failure(forge({ baseUrl: 'http://127.0.0.1:9' }).issues(signal))).toContain(
      'unavailable: no answer to GET /user',
    );
    expect(await failure(forge({ token: 'wrong' }).pulls(signal))).toContain('permission: GitHub answered 401');
    expect(await failure(forge({ repo: 'nowhere' }).pulls(signal))).toContain('not-found: GitHub answered 404');
    expect(await failure(forge().issues(AbortSignal.abort()))).toBe('cancelled: the call to GitHub was cancelled');
  });
});
