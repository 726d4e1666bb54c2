import { fail, type Result, succeed } from '../../core/result.ts';
import type { PullFacts } from '../../ports/forge.ts';
import { ask, type GitHub, makeOnce, notRepeated, ownText } from './github.ts';
import { PER_PAGE, readNewest, readWholeList } from './listing.ts';
import { saysAlready, withMarker } from './marker.ts';
import { PullAnswer } from './schema.ts';

/** Open pull requests are all read; of the closed ones the newest thousand, which is history enough. */
const CLOSED_PAGES_MAX = 10;

interface OpenPullRequest {
  readonly key: string;
  readonly title: string;
  readonly body: string;
  readonly branch: string;
  readonly base: string;
  readonly labels: readonly string[];
}

/** A pull request with the labels that it carries. */
type Pull = PullFacts & { readonly labels: readonly string[] };

export function listPulls(hub: GitHub, signal: AbortSignal): Promise<Result<readonly PullFacts[]>> {
  return ask(signal, async () => {
    const login = await hub.login(signal);
    const open = await readWholeList(pagesOf(hub, { state: 'open' }, signal), PullAnswer);
    const closed = await readNewest(pagesOf(hub, { state: 'closed' }, signal), PullAnswer, CLOSED_PAGES_MAX);
    return [...open, ...closed.entries]
      .map((pull) => pullFacts(pull, login))
      .filter((pull) => pull.key !== null)
      .sort((one, other) => other.number - one.number);
  });
}

export async function openPull(hub: GitHub, request: OpenPullRequest, signal: AbortSignal): Promise<Result<PullFacts>> {
  const opened = await makeOnce(
    signal,
    () => findPull(hub, request, signal),
    () => createPull(hub, request, signal),
  );
  if (!opened.ok) return opened;
  await addLabels(hub, opened.value.value, request.labels, signal);
  return succeed(opened.value.value);
}

/** A pull request that a person wrote is not edited: `conflict`. */
export async function editPull(
  hub: GitHub,
  request: { number: number; body: string },
  signal: AbortSignal,
): Promise<Result<PullFacts>> {
  const at = { ...hub.at, pull_number: request.number, request: { signal } };
  const there = await ask(signal, async () => {
    const { data } = await hub.client.rest.pulls.get(at);
    return pullFacts(data, await hub.login(signal));
  });
  if (!there.ok) return there;
  const { key, body } = there.value;
  if (key === null) return fail('conflict', `pull request #${request.number} was not written by loop`);
  if (saysAlready(body, request.body)) return there;
  return ask(signal, async () => {
    const { data } = await hub.client.rest.pulls.update({ ...at, body: withMarker(request.body, key) });
    return pullFacts(data, await hub.login(signal));
  });
}

function pagesOf(hub: GitHub, filter: { state: 'open' | 'closed' | 'all'; head?: string }, signal: AbortSignal) {
  return hub.client.paginate.iterator(hub.client.rest.pulls.list, {
    ...hub.at,
    ...filter,
    sort: 'created',
    direction: 'desc',
    per_page: PER_PAGE,
    request: { signal },
  });
}

/** The branch narrows the list, the key decides. */
async function findPull(hub: GitHub, request: OpenPullRequest, signal: AbortSignal): Promise<Pull | null> {
  const login = await hub.login(signal);
  const head = `${hub.at.owner}:${request.branch}`;
  const found = await readWholeList(pagesOf(hub, { state: 'all', head }, signal), PullAnswer);
  return found.map((pull) => pullFacts(pull, login)).find((pull) => pull.key === request.key) ?? null;
}

async function createPull(hub: GitHub, request: OpenPullRequest, signal: AbortSignal): Promise<Pull> {
  const { data } = await hub.client.rest.pulls.create({
    ...hub.at,
    title: request.title,
    body: withMarker(request.body, request.key),
    head: request.branch,
    base: request.base,
    request: notRepeated(signal),
  });
  return pullFacts(data, await hub.login(signal));
}

/** Labels are a second call. They are decoration: where they may not be set, the pull request stands all the same. */
async function addLabels(hub: GitHub, pull: Pull, labels: readonly string[], signal: AbortSignal): Promise<void> {
  const missing = labels.filter((label) => !pull.labels.includes(label));
  if (missing.length === 0) return;
  const at = { ...hub.at, issue_number: pull.number, request: { signal } };
  const added = await ask(signal, () => hub.client.rest.issues.addLabels({ ...at, labels: missing }));
  if (!added.ok) hub.log.warn({ pull: pull.number, labels: missing, why: added.failure.message }, 'labels not set');
}

function pullFacts(answer: unknown, login: string): Pull {
  const pull = PullAnswer.parse(answer);
  const merged = Boolean(pull.merged_at);
  return {
    number: pull.number,
    title: pull.title,
    state: merged ? 'merged' : pull.state,
    url: pull.html_url,
    branch: pull.head.ref,
    headCommit: pull.head.sha,
    // Of an open pull request GitHub tells a trial merge here.
    mergeCommit: merged ? (pull.merge_commit_sha ?? null) : null,
    createdAt: pull.created_at,
    labels: pull.labels,
    ...ownText(pull, login),
  };
}
