import { fail, type Result, succeed } from '../../core/result.ts';
import type { IssueFacts } from '../../ports/forge.ts';
import { ask, type GitHub, makeOnce, notRepeated, ownText } from './github.ts';
import { PER_PAGE, readWholeList } from './listing.ts';
import { saysAlready, withMarker } from './marker.ts';
import { IssueAnswer } from './schema.ts';

export function listIssues(hub: GitHub, signal: AbortSignal): Promise<Result<readonly IssueFacts[]>> {
  return ask(signal, () => ownIssues(hub, signal));
}

export async function openIssue(
  hub: GitHub,
  request: { key: string; title: string; body: string; labels: readonly string[] },
  signal: AbortSignal,
): Promise<Result<IssueFacts>> {
  const opened = await makeOnce(
    signal,
    async () => (await ownIssues(hub, signal)).find((issue) => issue.key === request.key) ?? null,
    async () => {
      const { data } = await hub.client.rest.issues.create({
        ...hub.at,
        title: request.title,
        body: withMarker(request.body, request.key),
        labels: [...request.labels],
        request: notRepeated(signal),
      });
      return issueFacts(data, await hub.login(signal));
    },
  );
  return opened.ok ? succeed(opened.value.value) : opened;
}

/** The issue keeps the key that it was opened with. */
export async function editIssue(
  hub: GitHub,
  request: { number: number; body: string },
  signal: AbortSignal,
): Promise<Result<IssueFacts>> {
  const there = await ownIssue(hub, request.number, signal);
  if (!there.ok || saysAlready(there.value.body, request.body)) return there;
  return update(hub, request.number, { body: withMarker(request.body, there.value.key) }, signal);
}

export async function setIssueState(
  hub: GitHub,
  request: { number: number; state: 'open' | 'closed' },
  signal: AbortSignal,
): Promise<Result<IssueFacts>> {
  const there = await ownIssue(hub, request.number, signal);
  if (!there.ok || there.value.state === request.state) return there;
  const reason = request.state === 'closed' ? 'completed' : 'reopened';
  return update(hub, request.number, { state: request.state, state_reason: reason }, signal);
}

/** All of ours, open and closed, newest first. */
async function ownIssues(hub: GitHub, signal: AbortSignal): Promise<readonly IssueFacts[]> {
  const login = await hub.login(signal);
  const pages = hub.client.paginate.iterator(hub.client.rest.issues.listForRepo, {
    ...hub.at,
    // An App's bot goes by other names in filters than in answers.
    ...(login.endsWith('[bot]') ? {} : { creator: login }),
    state: 'all',
    sort: 'created',
    direction: 'desc',
    per_page: PER_PAGE,
    request: { signal },
  });
  const found = await readWholeList(pages, IssueAnswer);
  return found
    .filter((issue) => issue.pull_request === undefined)
    .map((issue) => issueFacts(issue, login))
    .filter((issue) => issue.key !== null);
}

/** An issue that a person wrote is not edited, closed or reopened: `conflict`. */
async function ownIssue(
  hub: GitHub,
  number: number,
  signal: AbortSignal,
): Promise<Result<IssueFacts & { key: string }>> {
  const read = await ask(signal, async () => {
    const { data } = await hub.client.rest.issues.get({ ...hub.at, issue_number: number, request: { signal } });
    return issueFacts(data, await hub.login(signal));
  });
  if (!read.ok) return read;
  const { key } = read.value;
  return key === null ? fail('conflict', `issue #${number} was not written by loop`) : succeed({ ...read.value, key });
}

function update(
  hub: GitHub,
  number: number,
  change: { body?: string; state?: 'open' | 'closed'; state_reason?: 'completed' | 'reopened' },
  signal: AbortSignal,
): Promise<Result<IssueFacts>> {
  return ask(signal, async () => {
    const { data } = await hub.client.rest.issues.update({
      ...hub.at,
      issue_number: number,
      ...change,
      request: { signal },
    });
    return issueFacts(data, await hub.login(signal));
  });
}

function issueFacts(answer: unknown, login: string): IssueFacts {
  const issue = IssueAnswer.parse(answer);
  return {
    number: issue.number,
    title: issue.title,
    state: issue.state,
    url: issue.html_url,
    labels: issue.labels,
    ...ownText(issue, login),
  };
}
