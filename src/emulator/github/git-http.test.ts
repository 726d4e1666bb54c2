import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cloneInto, type StartedGitHub, startedGitHub } from './started-github.ts';

let github: StartedGitHub;
let clone: Awaited<ReturnType<StartedGitHub['clone']>>;
let first: string;

beforeAll(async () => {
  github = await startedGitHub();
  clone = await github.clone('clone');
  first = await clone.commit('first', { 'a.txt': 'a' });
  await clone.push('HEAD:main');
});
afterAll(() => github.close());

test('what is pushed can be cloned, and the ledger names each ref that moved', async () => {
  const second = await clone.commit('second', { 'big.bin': 'x'.repeat(3 * 1024 * 1024) });
  await clone.push('HEAD:refs/heads/one', `${first}:refs/heads/two`);
  await clone.push('--delete', 'two');
  const copy = await github.clone('copy');
  expect(await copy.git('rev-parse', 'origin/one', 'origin/main')).toBe(`${second}\n${first}`);
  const pushes = github.ledger.filter(({ path: target }) => target === '/demo/chat.git/git-receive-pack');
  expect(pushes.map(({ detail }) => detail)).toEqual([
    `refs/heads/main nothing to ${first}`,
    `refs/heads/one nothing to ${second}, refs/heads/two nothing to ${first}`,
    `refs/heads/two ${first} to nothing`,
  ]);
  expect(pushes[0]).toMatchObject({ api: 'github', method: 'POST', name: 'demo/chat' });
});

test('an address without .git works as it does on GitHub', async () => {
  const plain = await cloneInto(path.join(github.stateFolder, 'plain'), `${github.url}/demo/chat`);
  expect(await plain.git('rev-parse', 'origin/main')).toBe(first);
});

test('a push that is refused changes nothing and is in no ledger', async () => {
  const before = github.ledger.length;
  await clone.git('switch', '--quiet', '--detach', first);
  const aside = await clone.commit('aside', { 'a.txt': 'aside' });
  await expect(clone.push(`${aside}:refs/heads/one`)).rejects.toThrow(/non-fast-forward|fetch first/);
  await expect(clone.push(`${aside}:refs/pull/1/head`)).rejects.toThrow(/hidden ref/);
  await expect(clone.push('--delete', 'main')).rejects.toThrow(/deletion of the current branch prohibited/);
  expect(github.ledger.length).toBe(before);
  await clone.push('--force', `${aside}:refs/heads/one`);
  expect(github.ledger.at(-1)?.detail).toContain(`to ${aside}`);
});

test('a commit that reaches the default branch closes the issue that it names', async () => {
  const { octokit, repo } = github;
  const { data: closed } = await octokit.rest.issues.create({ ...repo, title: 'named' });
  const { data: open } = await octokit.rest.issues.create({ ...repo, title: 'referred to' });
  await clone.git('switch', '--quiet', '--detach', first);
  await clone.commit(`Closes #${closed.number}, see #${open.number}`, { 'c.txt': 'c' });
  await clone.push('HEAD:main');
  const stateOf = async (issue_number: number) => (await octokit.rest.issues.get({ ...repo, issue_number })).data.state;
  expect([await stateOf(closed.number), await stateOf(open.number)]).toEqual(['closed', 'open']);
});

test('a wrong token, an unknown repository and a name that leaves its folder are refused', async () => {
  const cloneFrom = (url: string, password?: string) =>
    cloneInto(path.join(github.stateFolder, 'refused'), url, password);
  await expect(cloneFrom(`${github.url}/demo/chat.git`, 'wrong')).rejects.toThrow(
    /Authentication failed|could not read/,
  );
  for (const name of ['demo/none.git', 'demo/..%2fchat.git', '-x/chat.git', 'demo/-x.git', '%2e%2e/demo/chat.git']) {
    await expect(cloneFrom(`${github.url}/${name}`)).rejects.toThrow(/not found|404/i);
  }
  const dumb = await fetch(`${github.url}/demo/chat.git/HEAD`);
  expect(dumb.status).toBe(401);
  expect((await readdir(path.join(github.stateFolder, 'github', 'demo'))).sort()).toEqual(['chat.git', 'chat.json']);
});
