import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientOf, refusalOf, type StartedGitHub, startedGitHub, token } from './started-github.ts';

let github: StartedGitHub;

beforeAll(async () => {
  github = await startedGitHub();
});
afterAll(() => github.close());

/** Sends a request as it stands: `fetch` would tidy its path and choose its Host. */
function send(target: string, headers: Record<string, string> = {}, method = 'GET', body = '') {
  return new Promise<{ status: number; text: string; headers: Record<string, unknown> }>((resolve, reject) => {
    const { hostname, port } = new URL(github.url);
    const sent = request({ hostname, port, path: target, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
    });
    sent.on('error', reject).end(body);
  });
}
const bearer = { authorization: `Bearer ${token}` };

test('the user of the token, and the limits of the rate', async () => {
  const { data, headers } = await github.octokit.rest.users.getAuthenticated();
  expect(data).toMatchObject({ login: 'loop-local', type: 'User' });
  expect(headers).toMatchObject({ 'x-ratelimit-limit': '5000', 'x-ratelimit-resource': 'core' });
});

test.each([
  ['no token', {}, 401, 'Requires authentication'],
  ['a wrong token', { authorization: 'Bearer nonsense' }, 401, 'Bad credentials'],
  ['a token as Basic', { authorization: `Basic ${token}` }, 401, 'Bad credentials'],
  ['the token as GitHub wrote it first', { authorization: `token ${token}` }, 200, 'full_name'],
  ['a foreign host', { ...bearer, host: 'evil.example' }, 403, 'not served'],
  ['a foreign port', { ...bearer, host: 'localhost:1' }, 403, 'not served'],
] as const)('%s', async (_, headers, status, words) => {
  const answer = await send('/repos/demo/chat', headers);
  expect([answer.status, answer.text.includes(words)]).toEqual([status, true]);
});

test('a request line with a whole URL, as `gh` sends it through a proxy', async () => {
  const headers = { ...bearer, host: 'api.github.localhost' };
  const answer = await send('http://api.github.localhost/repos/demo/chat?x=1', headers);
  expect([answer.status, JSON.parse(answer.text).full_name]).toEqual([200, 'demo/chat']);
});

test.each([
  ['/repos/demo/..', 404],
  ['/repos/demo/%2e%2e', 404],
  ['/repos/demo/../demo/chat', 404],
  ['/repos/%2e%2e/demo', 404],
  ['/repos/demo/..%2f..%2fetc', 404],
  ['/repos/demo/-x', 404],
  ['/repos/-x/chat', 404],
  ['/repos/demo/chat.git', 404],
  ['/repos/demo/chat%00', 404],
  ['/repos/demo/%zz', 404],
  ['/repos/demo/chat/git/ref/heads/..%2f..%2fx', 404],
  ['/repos/demo/chat/banana', 404],
  ['/banana', 404],
  ['/repos/DEMO/Chat', 200],
  ['/repos/demo/chat/', 200],
  ['/repos/demo/chat/releases', 501],
  ['/search/issues?q=x', 501],
  ['/repos/demo/chat/branches/main/protection', 501],
  ['/repos/demo/chat/issues/1/timeline', 501],
])('%s is %d', async (target, status) => {
  const answer = await send(target, bearer);
  expect(answer.status).toBe(status);
  if (status === 501) expect(answer.text).toContain(`does not implement GET ${target.split('?')[0]}`);
});

test.each(['../x', '..', '-x', 'a/b', 'x.git', ''])('a repository cannot be named %j', async (name) => {
  expect(await refusalOf(github.octokit.rest.repos.createInOrg({ org: 'demo', name }))).toContain('422');
});

test('a body that is not JSON, not an object or too large is refused', async () => {
  const post = async (body: string) => {
    const { status, text } = await send('/repos/demo/chat/issues', bearer, 'POST', body);
    return [status, JSON.parse(text).message];
  };
  expect(await post('{"title":')).toEqual([400, 'Problems parsing JSON']);
  expect(await post('[1]')).toEqual([400, 'Body should be a JSON object']);
  expect(await post(`{"title":"${'x'.repeat(5 * 1024 * 1024)}"}`)).toEqual([413, 'Request body is too large']);
});

test('a link opens in a browser, and shows what others wrote as text', async () => {
  const { octokit, repo } = github;
  const text = '<script>alert(1)</script> & "quotes"';
  const { data: issue } = await octokit.rest.issues.create({ ...repo, title: text, body: text });
  await octokit.rest.issues.createComment({ ...repo, issue_number: issue.number, body: `second ${text}` });
  const page = await send(new URL(issue.html_url).pathname);
  expect(page.status).toBe(200);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'");
  expect(page.text).not.toContain('<script>');
  expect(page.text).toContain('second &#60;script&#62;alert(1)&#60;/script&#62; &#38; &#34;quotes&#34;');
  expect(await send(`/demo/chat/pull/${issue.number}`)).toMatchObject({
    status: 302,
    headers: { location: issue.html_url },
  });
  expect((await send('/demo/chat')).text).toContain(`/demo/chat/issues/${issue.number}"`);
  expect((await send('/demo/chat/issues/999')).status).toBe(401);
  expect((await send('/demo/chat/issues/1', { host: 'evil.example' })).status).toBe(403);
});

test('two creations at once get two numbers, and a duplicate pull request only one', async () => {
  const { octokit, repo } = github;
  const clone = await github.clone('clone');
  await clone.commit('first', { a: 'a' });
  await clone.push('HEAD:main');
  await clone.commit('second', { a: 'b' });
  await clone.push('HEAD:fix');
  const open = () => refusalOf(octokit.rest.pulls.create({ ...repo, title: 'fix', head: 'fix', base: 'main' }));
  const outcomes = await Promise.all([open(), open(), open()]);
  expect(outcomes.filter((outcome) => outcome === 'not refused')).toHaveLength(1);
  const issues = await Promise.all(['a', 'b', 'c'].map((title) => octokit.rest.issues.create({ ...repo, title })));
  expect(new Set(issues.map(({ data }) => data.number)).size).toBe(3);
});

test('whatever was answered is there after a kill and after a restart, on the same port', async () => {
  const { octokit, repo, url } = github;
  const { data: issue } = await octokit.rest.issues.create({ ...repo, title: 'kept', labels: ['loop'] });
  await octokit.rest.issues.createComment({ ...repo, issue_number: issue.number, body: 'kept too' });
  const before = (await octokit.rest.issues.listForRepo({ ...repo, state: 'all' })).data;
  const killed = await github.startAnother();
  const afterKill = (await clientOf(killed.url).rest.issues.listForRepo({ ...repo, state: 'all' })).data;
  await killed.close();
  expect(afterKill.map(({ number, title, comments }) => [number, title, comments])).toEqual(
    before.map(({ number, title, comments }) => [number, title, comments]),
  );
  await github.restart();
  expect((await clientOf(url).rest.issues.listForRepo({ ...repo, state: 'all' })).data).toEqual(before);
  expect((await clientOf(url).rest.issues.create({ ...repo, title: 'next' })).data.number).toBe(issue.number + 1);
});

test('nothing went wrong that we did not expect', () => {
  expect(github.errors).toEqual([]);
});
