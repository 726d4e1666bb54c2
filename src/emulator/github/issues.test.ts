import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusalOf, type StartedGitHub, startedGitHub } from './started-github.ts';

let github: StartedGitHub;
let now = new Date('2025-03-01T10:00:00Z');

beforeAll(async () => {
  github = await startedGitHub({ owner: 'issues', clock: () => now });
});
afterAll(() => github.close());

const later = (seconds: number) => {
  now = new Date(now.getTime() + seconds * 1000);
};

test('the life of an issue: opened with new labels, edited, closed, opened again, locked', async () => {
  const { octokit, repo } = github;
  const { data: issue } = await octokit.rest.issues.create({
    ...repo,
    title: 'red',
    body: 'E1',
    labels: ['loop', 'P1'],
  });
  expect(issue).toMatchObject({
    number: 1,
    state: 'open',
    state_reason: null,
    created_at: '2025-03-01T10:00:00Z',
    author_association: 'MEMBER',
    user: { login: 'loop-local', type: 'User' },
    html_url: `${github.url}/issues/chat/issues/1`,
    comments: 0,
    locked: false,
  });
  expect(issue.labels).toMatchObject([{ name: 'loop', color: 'ededed' }, { name: 'P1' }]);
  const at = { ...repo, issue_number: issue.number };
  const told = async () => {
    const { data } = await octokit.rest.issues.get(at);
    return [data.state, data.state_reason, data.closed_at, data.closed_by?.login ?? null];
  };
  later(5);
  await octokit.rest.issues.update({ ...at, title: 'still red', body: null, labels: ['P1'] });
  expect((await octokit.rest.issues.get(at)).data).toMatchObject({
    title: 'still red',
    body: null,
    labels: [{ name: 'P1' }],
    updated_at: '2025-03-01T10:00:05Z',
  });
  await octokit.rest.issues.update({ ...at, state: 'closed' });
  expect(await told()).toEqual(['closed', 'completed', '2025-03-01T10:00:05Z', 'loop-local']);
  await octokit.rest.issues.update({ ...at, state: 'closed', state_reason: 'not_planned' });
  expect(await told()).toEqual(['closed', 'not_planned', '2025-03-01T10:00:05Z', 'loop-local']);
  await octokit.rest.issues.update({ ...at, state: 'open' });
  expect(await told()).toEqual(['open', 'reopened', null, null]);
  await octokit.rest.issues.lock({ ...at, lock_reason: 'resolved' });
  expect((await octokit.rest.issues.get(at)).data).toMatchObject({ locked: true, active_lock_reason: 'resolved' });
  await octokit.rest.issues.unlock(at);
  expect((await octokit.rest.issues.get(at)).data).toMatchObject({ locked: false, active_lock_reason: null });
  expect(await refusalOf(octokit.rest.pulls.get({ ...repo, pull_number: 1 }))).toBe('404 | Not Found');
});

test('one comment is written once and edited by its marker afterwards', async () => {
  const { octokit, repo } = github;
  const { data: issue } = await octokit.rest.issues.create({ ...repo, title: 'commented' });
  const at = { ...repo, issue_number: issue.number };
  const { data: comment } = await octokit.rest.issues.createComment({ ...at, body: 'seen once\n<!-- loop:k1 -->' });
  expect(comment.html_url).toBe(`${issue.html_url}#issuecomment-${comment.id}`);
  later(5);
  const { data: found } = await octokit.rest.issues.listComments(at);
  const mine = found.find(({ body }) => body?.includes('<!-- loop:k1 -->'));
  await octokit.rest.issues.updateComment({
    ...repo,
    comment_id: Number(mine?.id),
    body: 'seen twice\n<!-- loop:k1 -->',
  });
  const { data: after } = await octokit.rest.issues.listComments(at);
  expect(after).toMatchObject([
    { id: comment.id, body: 'seen twice\n<!-- loop:k1 -->', created_at: comment.created_at },
  ]);
  expect(after[0]?.updated_at).not.toBe(comment.updated_at);
  expect((await octokit.rest.issues.get(at)).data.comments).toBe(1);
  expect((await octokit.rest.issues.listCommentsForRepo(repo)).data).toHaveLength(1);
  await octokit.rest.issues.deleteComment({ ...repo, comment_id: comment.id });
  expect(await refusalOf(octokit.rest.issues.getComment({ ...repo, comment_id: comment.id }))).toBe('404 | Not Found');
});

test('labels are added, set and removed; capitals do not tell them apart', async () => {
  const { octokit, repo } = github;
  const { data: issue } = await octokit.rest.issues.create({ ...repo, title: 'labelled', labels: ['Flaky'] });
  const at = { ...repo, issue_number: issue.number };
  const names = (labels: { name: string }[]) => labels.map(({ name }) => name);
  expect(names((await octokit.rest.issues.addLabels({ ...at, labels: ['flaky', 'auth'] })).data)).toEqual([
    'Flaky',
    'auth',
  ]);
  expect(names((await octokit.rest.issues.removeLabel({ ...at, name: 'FLAKY' })).data)).toEqual(['auth']);
  expect(await refusalOf(octokit.rest.issues.removeLabel({ ...at, name: 'flaky' }))).toBe('404 | Label does not exist');
  expect(names((await octokit.rest.issues.setLabels({ ...at, labels: ['a/b', 'c?'] })).data)).toEqual(['a/b', 'c?']);
  expect(names((await octokit.rest.issues.removeLabel({ ...at, name: 'a/b' })).data)).toEqual(['c?']);
  await octokit.rest.issues.createLabel({ ...repo, name: 'new', color: 'ff0000', description: 'red' });
  expect((await octokit.rest.issues.getLabel({ ...repo, name: 'NEW' })).data).toMatchObject({ color: 'ff0000' });
  expect(await refusalOf(octokit.rest.issues.createLabel({ ...repo, name: 'New' }))).toBe(
    '422 | Validation Failed | name',
  );
});

test('lists are filtered, sorted, and paged by the Link header', async () => {
  const { octokit, repo } = github;
  for (let index = 0; index < 7; index += 1) {
    later(1);
    await octokit.rest.issues.create({
      ...repo,
      title: `paged ${index}`,
      labels: ['paged', index % 2 ? 'odd' : 'even'],
    });
  }
  const titles = (query: object) =>
    octokit.paginate(octokit.rest.issues.listForRepo, { ...repo, labels: 'paged', per_page: 2, ...query }, ({ data }) =>
      data.map(({ title }) => title.slice(-1)),
    );
  expect(await titles({})).toEqual(['6', '5', '4', '3', '2', '1', '0']);
  expect(await titles({ labels: 'PAGED,odd', direction: 'asc' })).toEqual(['1', '3', '5']);
  const { data: fifth } = await octokit.rest.issues.listForRepo({ ...repo, labels: 'paged', per_page: 1, page: 3 });
  later(10);
  await octokit.rest.issues.update({ ...repo, issue_number: Number(fifth[0]?.number), state: 'closed' });
  expect(await titles({})).toEqual(['6', '5', '3', '2', '1', '0']);
  expect(await titles({ state: 'all', sort: 'updated' })).toEqual(['4', '6', '5', '3', '2', '1', '0']);
  expect(await titles({ state: 'all', since: now.toISOString() })).toEqual(['4']);
  const page = await octokit.rest.issues.listForRepo({ ...repo, labels: 'paged', per_page: 2, page: 2 });
  const link = (rel: string, number: number) =>
    `<${github.url}/repos/issues/chat/issues?labels=paged&per_page=2&page=${number}>; rel="${rel}"`;
  expect(page.headers.link).toBe([link('prev', 1), link('next', 3), link('last', 3), link('first', 1)].join(', '));
});

test('what GitHub refuses is refused, and what we do not do is said', async () => {
  const { octokit, repo } = github;
  const create = (fields: object) =>
    refusalOf(octokit.request({ method: 'POST', url: '/repos/issues/chat/issues', ...fields }));
  const long = 'x'.repeat(65_537);
  expect(await create({})).toBe('422 | Invalid request.\n\n"title" wasn\'t supplied.');
  expect(await create({ title: '  ' })).toBe('422 | Validation Failed | title');
  expect(await create({ title: 'x', body: long })).toBe(
    '422 | Validation Failed | body is too long (maximum is 65536 characters)',
  );
  expect(await create({ title: 'x', body: '😀'.repeat(65_536) })).toBe('not refused');
  expect(await create({ title: 'x', labels: 'not a list' })).toContain(
    "422 | Invalid request.\n\nFor 'properties/labels'",
  );
  expect(await create({ title: 'x', milestone: 1 })).toBe(
    "501 | loop's GitHub emulator does not implement the field milestone of POST /repos/issues/chat/issues",
  );
  expect(await create({ title: 'x', assignees: [] })).toBe('not refused');
  const comment = (body: string) => refusalOf(octokit.rest.issues.createComment({ ...repo, issue_number: 1, body }));
  expect(await comment(long)).toBe('422 | Validation Failed | Body is too long (maximum is 65536 characters)');
  expect(await comment('')).toBe('422 | Validation Failed | body');
  expect(await refusalOf(octokit.rest.issues.listForRepo({ ...repo, milestone: '1' }))).toContain('501');
  expect(await refusalOf(octokit.rest.issues.get({ ...repo, issue_number: 999 }))).toBe('404 | Not Found');
});
