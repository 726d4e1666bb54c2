import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { clientOf, refusalOf, type StartedGitHub, startedGitHub, token } from './started-github.ts';

let github: StartedGitHub;
let clone: Awaited<ReturnType<StartedGitHub['clone']>>;
/** The commits of every story: main goes from `first` to `base`, the branch from `first` to `head`. */
let [first, head, base] = ['', '', ''];
let owner = '';
let stories = 0;

beforeAll(async () => {
  github = await startedGitHub();
  clone = await github.clone('clone');
  first = await clone.commit('first', { 'a.txt': 'one\ntwo\nthree\n', 'b.txt': 'b\n' });
  await clone.commit('fix: one\n\nwhy', { 'a.txt': 'ONE\ntwo\nthree\n' });
  head = await clone.commit('fix: two', { 'c.txt': 'c\n' });
  await clone.git('switch', '--quiet', '--detach', first);
  base = await clone.commit('meanwhile', { 'b.txt': 'B\n' });
});
afterAll(() => github.close());

/** Each story has a repository of its own, under an owner of its own. */
beforeEach(async () => {
  stories += 1;
  owner = `demo-${stories}`;
  await github.octokit.rest.repos.createInOrg({ org: owner, name: 'chat' });
  await clone.git('remote', 'set-url', 'origin', `${github.url}/${owner}/chat.git`);
});

async function openPull(body = 'Refs #1') {
  await clone.push(`${head}:refs/heads/loop/fix/abc-1`, `${base}:refs/heads/main`);
  const repo = { owner, repo: 'chat' };
  const range = { head: 'loop/fix/abc-1', base: 'main' };
  const { data } = await github.octokit.rest.pulls.create({ ...repo, ...range, title: 'Fix it', body });
  return { repo, number: data.number, created: data };
}

const parentsOf = async (sha: string) =>
  (await clone.git('rev-list', '--parents', '--max-count=1', sha)).split(' ').slice(1);

test('a branch is pushed, a pull request is opened, and what it says is what Git says', async () => {
  const { octokit } = github;
  await octokit.rest.issues.create({ owner, repo: 'chat', title: 'red' });
  const { repo, number, created } = await openPull();
  expect(created).toMatchObject({ number: 2, state: 'open', mergeable: null, merged: false, draft: false });
  const { data: pull } = await octokit.rest.pulls.get({ ...repo, pull_number: number });
  expect(pull).toMatchObject({
    title: 'Fix it',
    mergeable: true,
    mergeable_state: 'clean',
    commits: 2,
    additions: 2,
    deletions: 1,
    changed_files: 2,
    head: { ref: 'loop/fix/abc-1', sha: head, label: `${owner}:loop/fix/abc-1` },
    base: { ref: 'main', sha: base },
    html_url: `${github.url}/${owner}/chat/pull/2`,
    user: { login: 'loop-local' },
  });
  await clone.git('fetch', '--quiet', 'origin', `refs/pull/${number}/merge`);
  expect(await clone.git('rev-parse', 'FETCH_HEAD')).toBe(pull.merge_commit_sha);

  const { data: files } = await octokit.rest.pulls.listFiles({ ...repo, pull_number: number });
  expect(files.map(({ filename, status, patch }) => [filename, status, patch])).toEqual([
    ['a.txt', 'modified', '@@ -1,3 +1,3 @@\n-one\n+ONE\n two\n three'],
    ['c.txt', 'added', '@@ -0,0 +1 @@\n+c'],
  ]);
  const { data: commits } = await octokit.rest.pulls.listCommits({ ...repo, pull_number: number });
  expect(commits.map(({ commit }) => commit.message)).toEqual(['fix: one\n\nwhy', 'fix: two']);
  const { data: compared } = await octokit.rest.repos.compareCommitsWithBasehead({
    ...repo,
    basehead: 'main...loop/fix/abc-1',
  });
  expect(compared).toMatchObject({ status: 'diverged', ahead_by: 2, behind_by: 1, total_commits: 2 });
  expect(compared.merge_base_commit.sha).toBe(first);
  const { data: issues } = await octokit.rest.issues.listForRepo(repo);
  expect(issues.map((issue) => [issue.number, issue.pull_request !== undefined])).toEqual([
    [2, true],
    [1, false],
  ]);
});

test('a pull request that cannot be is refused in the words of GitHub', async () => {
  const { octokit } = github;
  const { repo } = await openPull();
  await clone.git('switch', '--quiet', '--orphan', 'stranger');
  await clone.commit('stranger', { 'z.txt': 'z' });
  await clone.push('stranger', `${first}:refs/heads/old`);
  const open = (head: string, base = 'main', title = 'again') =>
    refusalOf(octokit.rest.pulls.create({ ...repo, title, head, base }));
  expect(await open('loop/fix/abc-1')).toBe(
    `422 | Validation Failed | A pull request already exists for ${owner}:loop/fix/abc-1.`,
  );
  expect(await open(`${owner}:loop/fix/abc-1`)).toContain('already exists');
  expect(await open('old')).toBe('422 | Validation Failed | No commits between main and old');
  expect(await open('stranger')).toBe(
    '422 | Validation Failed | The stranger branch has no history in common with main',
  );
  expect(await open('nowhere')).toBe('422 | Validation Failed | head');
  expect(await open('old', 'nowhere')).toBe('422 | Validation Failed | base');
  expect(await open('main; rm -rf /')).toBe('422 | Validation Failed | head');
  expect(await open('loop/fix/abc-1', 'old', ' ')).toBe('422 | Validation Failed | title');
  expect(
    await refusalOf(octokit.request({ method: 'POST', url: `/repos/${owner}/chat/pulls`, title: 'x', head: 'old' })),
  ).toBe('422 | Invalid request.\n\n"base" wasn\'t supplied.');
});

test.each([
  ['merge', 2, 'Merge pull request #1 from OWNER/loop/fix/abc-1\n\nFix it', true],
  ['squash', 1, 'Fix it (#1)\n\n* fix: one\n\nwhy\n\n* fix: two', false],
  ['rebase', 1, 'fix: two', false],
] as const)(
  'merged by %s: the base has the fix, and its ancestry is as on GitHub',
  async (method, parents, message, keeps) => {
    const { octokit } = github;
    const { repo, number } = await openPull();
    const response = await fetch(`${github.url}/repos/${owner}/chat/pulls/${number}/merge`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: JSON.stringify({ merge_method: method }),
    });
    expect(response.status).toBe(200);
    const merged = (await response.json()) as { sha: string; merged: boolean };
    await clone.git('fetch', '--quiet', 'origin');
    expect(await clone.git('rev-parse', 'origin/main')).toBe(merged.sha);
    expect(await clone.git('show', '-s', '--format=%B', merged.sha)).toBe(message.replace('OWNER', owner));
    expect(await parentsOf(merged.sha)).toHaveLength(parents);
    expect(await clone.git('show', `${merged.sha}:a.txt`)).toBe('ONE\ntwo\nthree');
    expect(await clone.git('show', `${merged.sha}:b.txt`)).toBe('B');
    const contains = await clone.git('merge-base', head, merged.sha);
    expect(contains === head).toBe(keeps);
    expect(await clone.git('merge-base', base, merged.sha)).toBe(base);

    const { data: pull } = await octokit.rest.pulls.get({ ...repo, pull_number: number });
    expect(pull).toMatchObject({
      state: 'closed',
      merged: true,
      merge_commit_sha: merged.sha,
      mergeable: null,
      commits: 2,
    });
    expect(pull.merged_at).not.toBeNull();
    expect(pull.base.sha).toBe(base);
    expect(await refusalOf(octokit.rest.pulls.merge({ ...repo, pull_number: number }))).toBe(
      '405 | Pull Request is not mergeable',
    );
    expect(await refusalOf(octokit.rest.pulls.update({ ...repo, pull_number: number, state: 'open' }))).toContain(
      'The pull request cannot be reopened.',
    );
    expect(github.ledger.filter(({ path }) => path.startsWith(`/repos/${owner}/`) && path.endsWith('/merge'))).toEqual([
      {
        api: 'github',
        method: 'PUT',
        path: `/repos/${owner}/chat/pulls/1/merge`,
        name: `${owner}/chat#1`,
        detail: `merged by ${method} as ${merged.sha}`,
      },
    ]);
  },
);

test('rebased commits keep their author and their patch', async () => {
  const { octokit } = github;
  const { repo, number } = await openPull();
  const { data } = await octokit.rest.pulls.merge({ ...repo, pull_number: number, merge_method: 'rebase' });
  await clone.git('fetch', '--quiet', 'origin');
  const tellOf = (tip: string) => clone.git('log', '--max-count=2', '--format=%an %ae %at %s', tip);
  expect(await tellOf(data.sha)).toBe(await tellOf(head));
  expect(await clone.git('show', '-s', '--format=%cn', data.sha)).toBe('loop-local');
  expect(await clone.git('diff', `${head}~2`, head)).toBe(await clone.git('diff', `${data.sha}~2`, data.sha));
});

test('a merge without a body works, and a wrong head, a conflict or a draft are refused', async () => {
  const { octokit } = github;
  const { repo, number } = await openPull();
  expect(await refusalOf(octokit.rest.pulls.merge({ ...repo, pull_number: number, sha: first }))).toBe(
    '409 | Head branch was modified. Review and try the merge again.',
  );
  await clone.git('switch', '--quiet', '--detach', first);
  await clone.commit('clash', { 'a.txt': 'uno\ntwo\nthree\n' });
  await clone.push('HEAD:refs/heads/clash');
  const clash = await octokit.rest.pulls.create({ ...repo, title: 'clash', head: 'clash', base: 'main', draft: true });
  expect(await refusalOf(octokit.rest.pulls.merge({ ...repo, pull_number: clash.data.number }))).toBe(
    '405 | Pull Request is still a draft',
  );
  await octokit.rest.pulls.update({ ...repo, pull_number: clash.data.number, state: 'closed' });
  const again = await octokit.rest.pulls.create({ ...repo, title: 'clash', head: 'clash', base: 'main' });
  const merge = await fetch(`${github.url}/repos/${owner}/chat/pulls/${number}/merge`, {
    method: 'PUT',
    headers: { authorization: `token ${token}` },
  });
  expect(merge.status).toBe(200);
  const { data } = await octokit.rest.pulls.get({ ...repo, pull_number: again.data.number });
  expect(data).toMatchObject({ mergeable: false, mergeable_state: 'dirty', merge_commit_sha: null });
  for (const [method, words] of [
    ['merge', '405 | Pull Request is not mergeable'],
    ['rebase', "405 | This branch can't be rebased"],
  ] as const) {
    const pull = { ...repo, pull_number: again.data.number, merge_method: method };
    expect(await refusalOf(octokit.rest.pulls.merge(pull))).toBe(words);
  }
  await clone.git('fetch', '--quiet', 'origin');
  expect(await parentsOf('origin/main')).toContain(head);
});

test('`Fixes #1` closes the issue at the merge, `Refs #2` does not', async () => {
  const { octokit } = github;
  await octokit.rest.issues.create({ owner, repo: 'chat', title: 'fixed' });
  await octokit.rest.issues.create({ owner, repo: 'chat', title: 'referred to' });
  const { repo, number } = await openPull('Fixes #1\nRefs #2');
  await octokit.rest.pulls.merge({ ...repo, pull_number: number, merge_method: 'squash' });
  const stateOf = async (issue_number: number) => {
    const { data } = await octokit.rest.issues.get({ ...repo, issue_number });
    return [data.state, data.state_reason];
  };
  expect(await stateOf(1)).toEqual(['closed', 'completed']);
  expect(await stateOf(2)).toEqual(['open', null]);
});

test('pull requests follow their branches: a push moves them, a push to the base merges them, a lost branch closes them', async () => {
  const { octokit } = github;
  const { repo, number } = await openPull();
  await clone.git('switch', '--quiet', '--detach', head);
  const moved = await clone.commit('third', { 'd.txt': 'd\n' });
  await clone.push('HEAD:refs/heads/loop/fix/abc-1');
  const pull = async (pull_number: number) => (await octokit.rest.pulls.get({ ...repo, pull_number })).data;
  expect((await pull(number)).head.sha).toBe(moved);

  await clone.git('switch', '--quiet', '--detach', first);
  await clone.commit('gone', { 'e.txt': 'e\n' });
  await clone.push('HEAD:refs/heads/gone');
  const gone = await octokit.rest.pulls.create({ ...repo, title: 'gone', head: 'gone', base: 'main' });
  await octokit.rest.git.deleteRef({ ...repo, ref: 'heads/gone' });
  expect(await pull(gone.data.number)).toMatchObject({ state: 'closed', merged: false });
  expect(
    await refusalOf(octokit.rest.pulls.update({ ...repo, pull_number: gone.data.number, state: 'open' })),
  ).toContain('The gone branch has been deleted.');

  await clone.git('switch', '--quiet', '--detach', base);
  await clone.git('merge', '--quiet', '--no-ff', '-m', 'by hand', moved);
  const byHand = await clone.git('rev-parse', 'HEAD');
  await clone.push('HEAD:main');
  expect(await pull(number)).toMatchObject({ state: 'closed', merged: true, merge_commit_sha: byHand });
});

test('lists find pull requests by state, head and base', async () => {
  const { octokit } = github;
  const { repo, number } = await openPull();
  await clone.push(`${base}:refs/heads/other`);
  const numbersOf = async (query: object) =>
    (await octokit.rest.pulls.list({ ...repo, ...query })).data.map((pull) => pull.number);
  expect(await numbersOf({ head: `${owner}:loop/fix/abc-1`, base: 'main' })).toEqual([number]);
  expect(await numbersOf({ head: `${owner}:other` })).toEqual([]);
  expect(await numbersOf({ base: 'other' })).toEqual([]);
  await octokit.rest.pulls.update({ ...repo, pull_number: number, state: 'closed', title: 'Given up' });
  expect(await numbersOf({})).toEqual([]);
  expect(await numbersOf({ state: 'closed' })).toEqual([number]);
  await octokit.rest.pulls.update({ ...repo, pull_number: number, state: 'open' });
  expect(await numbersOf({ state: 'all', sort: 'updated', direction: 'desc' })).toEqual([number]);
});

test('a merge that a kill cut off after the base moved is known as merged', async () => {
  const { repo, number } = await openPull();
  const tree = await clone.git('rev-parse', `${head}^{tree}`);
  const sha = await clone.git('commit-tree', tree, '-p', base, '-m', 'squashed');
  await clone.push(`${sha}:refs/heads/main`);
  const record = path.join(github.stateFolder, 'github', owner, 'chat.json');
  const stored = JSON.parse(await readFile(record, 'utf8'));
  stored.issues[0].pull.merging = { sha, base };
  await writeFile(record, JSON.stringify(stored));
  const another = await github.startAnother();
  const { data } = await clientOf(another.url).rest.pulls.get({ ...repo, pull_number: number });
  await another.close();
  expect(data).toMatchObject({ state: 'closed', merged: true, merge_commit_sha: sha });
});
