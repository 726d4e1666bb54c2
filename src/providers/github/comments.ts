import { type Result, succeed } from '../../core/result.ts';
import { ask, type GitHub, makeOnce, notRepeated, ownText } from './github.ts';
import { PER_PAGE, readWholeList } from './listing.ts';
import { saysAlready, withMarker } from './marker.ts';
import { CommentAnswer } from './schema.ts';

interface CommentRequest {
  readonly key: string;
  /** Of the issue or the pull request. */
  readonly number: number;
  readonly body: string;
}

interface CommentFacts {
  readonly id: number;
  readonly url: string;
  readonly key: string | null;
  readonly body: string;
}

export async function comment(
  hub: GitHub,
  request: CommentRequest,
  signal: AbortSignal,
): Promise<Result<{ action: 'created' | 'edited' | 'none'; url: string }>> {
  const found = await makeOnce(
    signal,
    () => findComment(hub, request, signal),
    () => createComment(hub, request, signal),
  );
  if (!found.ok) return found;
  const { value, made } = found.value;
  if (made) return succeed({ action: 'created', url: value.url });
  if (saysAlready(value.body, request.body)) return succeed({ action: 'none', url: value.url });
  return ask(signal, async () => {
    const body = withMarker(request.body, request.key);
    await hub.client.rest.issues.updateComment({ ...hub.at, comment_id: value.id, body, request: { signal } });
    return { action: 'edited', url: value.url };
  });
}

async function findComment(hub: GitHub, request: CommentRequest, signal: AbortSignal): Promise<CommentFacts | null> {
  const login = await hub.login(signal);
  const pages = hub.client.paginate.iterator(hub.client.rest.issues.listComments, {
    ...hub.at,
    issue_number: request.number,
    per_page: PER_PAGE,
    request: { signal },
  });
  const comments = await readWholeList(pages, CommentAnswer);
  return comments.map((each) => commentFacts(each, login)).find(({ key }) => key === request.key) ?? null;
}

async function createComment(hub: GitHub, request: CommentRequest, signal: AbortSignal): Promise<CommentFacts> {
  const { data } = await hub.client.rest.issues.createComment({
    ...hub.at,
    issue_number: request.number,
    body: withMarker(request.body, request.key),
    request: notRepeated(signal),
  });
  return commentFacts(data, await hub.login(signal));
}

function commentFacts(answer: unknown, login: string): CommentFacts {
  const { id, html_url: url, ...written } = CommentAnswer.parse(answer);
  return { id, url, ...ownText(written, login) };
}
