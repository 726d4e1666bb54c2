import { rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusalOf, type StartedGitHub, startedGitHub } from './started-github.ts';

let github: StartedGitHub;
let clone: Awaited<ReturnType<StartedGitHub['clone']>>;
const commits: string[] = [];

beforeAll(async () => {
  github = await startedGitHub();
  clone = await github.clone('clone');
  commits.push(await clone.commit('first', { 'a.txt': 'a\n', 'sub dir/ü.txt': 'text\n' }));
  commits.push(await clone.commit('second\n\nwith a body', { 'a.txt': 'A\n' }));
  await clone.git('mv', 'a.txt', 'b.txt');
  commits.push(await clone.commit('third', { 'bin.dat': '\0\u0001' }));
  await clone.push('HEAD:main', `${commits[0]}:refs/heads/loop/fix/x-1`);
});
afterAll(() => github.close());

test('an empty repository says so', async () => {
  await github.octokit.rest.repos.createForAuthenticatedUser({ name: 'empty' });
  const empty = { owner: 'loop-local', repo: 'empty' };
  expect((await github.octokit.rest.repos.get(empty)).data).toMatchObject({ default_branch: 'main', private: false });
  expect(await refusalOf(github.octokit.rest.repos.listCommits(empty))).toBe('409 | Git Repository is empty.');
  expect((await github.octokit.rest.repos.listBranches(empty)).data).toEqual([]);
  expect(await refusalOf(github.octokit.rest.repos.createForAuthenticatedUser({ name: 'EMPTY' }))).toBe(
    '422 | Validation Failed | name already exists on this account',
  );
});

test('refs are read, made, moved and deleted with the checks that GitHub makes', async () => {
  const { octokit, repo } = github;
  const [first = '', second = '', third = ''] = commits;
  expect((await octokit.rest.git.getRef({ ...repo, ref: 'heads/loop/fix/x-1' })).data.object).toMatchObject({
    sha: first,
  });
  expect((await octokit.rest.repos.getBranch({ ...repo, branch: 'loop/fix/x-1' })).data.commit.sha).toBe(first);
  expect(await refusalOf(octokit.rest.repos.getBranch({ ...repo, branch: 'loop/fix' }))).toBe('404 | Branch not found');
  const matching = await octokit.rest.git.listMatchingRefs({ ...repo, ref: 'heads/loop/' });
  expect(matching.data.map(({ ref }) => ref)).toEqual(['refs/heads/loop/fix/x-1']);

  const create = (ref: string, sha = second) => refusalOf(octokit.rest.git.createRef({ ...repo, ref, sha }));
  expect(await create('refs/heads/new')).toBe('not refused');
  expect(await create('refs/heads/new')).toBe('422 | Reference already exists');
  expect(await create('refs/heads/x', 'f'.repeat(40))).toBe('422 | Object does not exist');
  expect(await create('refs/heads/a..b')).toBe('422 | refs/heads/a..b is not a valid ref name.');
  expect(await create('refs/pull/9/head')).toContain('422');
  const move = (sha: string, force = false) =>
    refusalOf(octokit.rest.git.updateRef({ ...repo, ref: 'heads/new', sha, force }));
  expect(await move(third)).toBe('not refused');
  expect(await move(first)).toBe('422 | Update is not a fast forward');
  expect(await move(first, true)).toBe('not refused');
  expect(await refusalOf(octokit.rest.git.deleteRef({ ...repo, ref: 'heads/new' }))).toBe('not refused');
  expect(await refusalOf(octokit.rest.git.deleteRef({ ...repo, ref: 'heads/new' }))).toBe(
    '422 | Reference does not exist',
  );
  expect(await refusalOf(octokit.rest.git.deleteRef({ ...repo, ref: 'heads/main' }))).toContain('default branch');
});

test('commits are told with their files, and listed by branch, path and page', async () => {
  const { octokit, repo } = github;
  const { data: commit } = await octokit.rest.repos.getCommit({ ...repo, ref: 'main' });
  expect(commit).toMatchObject({
    sha: commits[2],
    stats: { additions: 0, deletions: 0, total: 0 },
    commit: { message: 'third', author: { name: 'Ada', email: 'ada@example.com' } },
    author: null,
    parents: [{ sha: commits[1] }],
  });
  expect(commit.files?.map(({ filename, status, previous_filename }) => [filename, status, previous_filename])).toEqual(
    [
      ['b.txt', 'renamed', 'a.txt'],
      ['bin.dat', 'added', undefined],
    ],
  );
  const { data: root } = await octokit.rest.repos.getCommit({ ...repo, ref: String(commits[0]?.slice(0, 8)) });
  expect(root.files?.map(({ filename }) => filename)).toEqual(['a.txt', 'sub dir/ü.txt']);
  const listed = async (query: object) =>
    (await octokit.rest.repos.listCommits({ ...repo, ...query })).data.map(({ commit: { message } }) => message);
  expect(await listed({})).toEqual(['third', 'second\n\nwith a body', 'first']);
  expect(await listed({ sha: 'loop/fix/x-1' })).toEqual(['first']);
  expect(await listed({ path: 'sub dir/ü.txt' })).toEqual(['first']);
  expect(await listed({ path: '*' })).toEqual([]);
  expect(await octokit.paginate(octokit.rest.repos.listCommits, { ...repo, per_page: 1 })).toHaveLength(3);
  for (const ref of ['nowhere', '--all', 'main~1', `${commits[0]}..main`, ':a.txt', 'main^{tree}']) {
    expect(await refusalOf(octokit.rest.repos.getCommit({ ...repo, ref }))).toContain('422 | No commit found for SHA');
  }
});

test.each([
  ['main...main', 'identical', 0, 0],
  ['loop/fix/x-1...main', 'ahead', 2, 0],
  ['main...loop/fix/x-1', 'behind', 0, 2],
] as const)('compare %s is %s', async (basehead, status, ahead_by, behind_by) => {
  const { data } = await github.octokit.rest.repos.compareCommitsWithBasehead({ ...github.repo, basehead });
  expect(data).toMatchObject({ status, ahead_by, behind_by });
});

test('compare tells the commits oldest first, page by page', async () => {
  const pages = [1, 2, 3].map(async (page) => {
    const basehead = `${commits[0]}...main`;
    const { data } = await github.octokit.rest.repos.compareCommitsWithBasehead({
      ...github.repo,
      basehead,
      per_page: 1,
      page,
    });
    return [data.total_commits, data.commits.map(({ sha }) => sha), data.files?.length];
  });
  expect(await Promise.all(pages)).toEqual([
    [2, [commits[1]], 3],
    [2, [commits[2]], 0],
    [2, [], 0],
  ]);
});

test('contents are files with their text and folders with their entries', async () => {
  const { octokit, repo } = github;
  const { data: file } = await octokit.rest.repos.getContent({ ...repo, path: 'sub dir/ü.txt', ref: 'loop/fix/x-1' });
  expect(file).toMatchObject({ type: 'file', encoding: 'base64', size: 5, path: 'sub dir/ü.txt', name: 'ü.txt' });
  if (!('content' in file)) throw new Error('not a file');
  expect(Buffer.from(file.content, 'base64').toString()).toBe('text\n');
  const listed = async (path: string) => {
    const { data } = await octokit.rest.repos.getContent({ ...repo, path });
    return Array.isArray(data) ? data.map((entry) => `${entry.type} ${entry.path}`) : [];
  };
  expect(await listed('')).toEqual(['file b.txt', 'file bin.dat', 'dir sub dir']);
  expect(await listed('sub dir')).toEqual(['file sub dir/ü.txt']);
  expect(await refusalOf(octokit.rest.repos.getContent({ ...repo, path: 'none' }))).toBe('404 | Not Found');
  expect(await refusalOf(octokit.rest.repos.getContent({ ...repo, path: '../../chat.json' }))).toBe('404 | Not Found');
});

test('a file that becomes a link keeps the patches of the files around it with their own files', async () => {
  const before = await clone.commit('files', { m1: '1\n', m2: '2\n', m3: '3\n' });
  await rm(path.join(clone.folder, 'm2'));
  await symlink('m1', path.join(clone.folder, 'm2'));
  const after = await clone.commit('link', { m1: 'one\n', m3: 'three\n' });
  await clone.push('HEAD:refs/heads/links');
  const { data } = await github.octokit.rest.repos.compareCommitsWithBasehead({
    ...github.repo,
    basehead: `${before}...${after}`,
  });
  expect(data.files?.map(({ filename, status, patch }) => [filename, status, patch?.split('\n').at(-1)])).toEqual([
    ['m1', 'modified', '+one'],
    ['m2', 'changed', undefined],
    ['m3', 'modified', '+three'],
  ]);
});

test('statuses and check runs of a commit', async () => {
  const { octokit, repo } = github;
  const sha = String(commits[2]);
  const combined = async () => (await octokit.rest.repos.getCombinedStatusForRef({ ...repo, ref: 'main' })).data.state;
  expect(await combined()).toBe('pending');
  await octokit.rest.repos.createCommitStatus({ ...repo, sha, state: 'failure', context: 'loop' });
  expect(await combined()).toBe('failure');
  await octokit.rest.repos.createCommitStatus({ ...repo, sha, state: 'success', context: 'loop' });
  expect(await combined()).toBe('success');
  const { data: statuses } = await octokit.rest.repos.listCommitStatusesForRef({ ...repo, ref: sha });
  expect(statuses.map(({ state }) => state)).toEqual(['success', 'failure']);
  const { data: run } = await octokit.rest.checks.create({
    ...repo,
    name: 'loop',
    head_sha: sha,
    status: 'in_progress',
  });
  await octokit.rest.checks.update({ ...repo, check_run_id: run.id, conclusion: 'neutral' });
  const { data: runs } = await octokit.rest.checks.listForRef({ ...repo, ref: sha });
  expect(runs).toMatchObject({ total_count: 1, check_runs: [{ status: 'completed', conclusion: 'neutral' }] });
});
