import { z } from 'zod';
import { type Answer, created, noContent, notFound, ok } from './answer.ts';
import { type Call, inRepository, numberParam, readBody, timeQuery, unknownQuery, wordQuery } from './call.ts';
import { commentShape } from './issue-shape.ts';
import { inIssue, issueEffect } from './issues-api.ts';
import { pagedList } from './paging.ts';
import { type CommentRecord, takeId } from './records.ts';
import type { Repository } from './repository.ts';
import { refuseComment } from './text-limits.ts';

const commentText = z.object({ body: z.string() });

export const listIssueComments = inIssue(async (call, repository, issue) => {
  const unknown = unknownQuery(call, ['since']);
  if (unknown !== null) return unknown;
  return listSince(
    call,
    repository,
    repository.record().comments.filter((comment) => comment.issue === issue.number),
  );
});

/** The comments of all issues and pull requests, the oldest first unless asked otherwise. */
export const listComments = inRepository(async (call, repository) => {
  const unknown = unknownQuery(call, ['since', 'sort', 'direction']);
  if (unknown !== null) return unknown;
  const sort = wordQuery(call, 'sort', ['created', 'updated']);
  const direction = wordQuery(call, 'direction', ['asc', 'desc']);
  if (!sort.ok) return sort.answer;
  if (!direction.ok) return direction.answer;
  const key = (comment: CommentRecord) => Date.parse(sort.value === 'created' ? comment.createdAt : comment.updatedAt);
  const comments = repository.record().comments.toSorted((one, other) => key(one) - key(other) || one.id - other.id);
  return listSince(call, repository, direction.value === 'asc' ? comments : comments.reverse());
});

export const createComment = inIssue(async (call, repository, issue) => {
  const body = readBody(call, commentText);
  if (!body.ok) return body.answer;
  const refusal = refuseComment(body.value.body);
  if (refusal !== null) return refusal;
  const now = call.forge.now();
  const comment = await repository.edit((draft) => {
    const added = { id: takeId(draft), issue: issue.number, body: body.value.body, createdAt: now, updatedAt: now };
    draft.comments.push(added);
    for (const target of draft.issues) if (target.number === issue.number) target.updatedAt = now;
    return added;
  });
  const effect = issueEffect(repository, issue, `comment ${comment.id} created`);
  return created(commentShape(call.forge, repository.record(), comment), effect);
});

export const getComment = inComment(async (call, repository, comment) =>
  ok(commentShape(call.forge, repository.record(), comment)),
);

export const updateComment = inComment(async (call, repository, comment) => {
  const body = readBody(call, commentText);
  if (!body.ok) return body.answer;
  const refusal = refuseComment(body.value.body);
  if (refusal !== null) return refusal;
  const changed = { ...comment, body: body.value.body, updatedAt: call.forge.now() };
  await repository.edit((draft) => {
    draft.comments = draft.comments.map((candidate) => (candidate.id === comment.id ? changed : candidate));
  });
  const effect = issueEffect(repository, { number: comment.issue }, `comment ${comment.id} edited`);
  return ok(commentShape(call.forge, repository.record(), changed), effect);
});

export const deleteComment = inComment(async (_, repository, comment) => {
  await repository.edit((draft) => {
    draft.comments = draft.comments.filter((candidate) => candidate.id !== comment.id);
  });
  return noContent(issueEffect(repository, { number: comment.issue }, `comment ${comment.id} deleted`));
});

function inComment(handler: (call: Call, repository: Repository, comment: CommentRecord) => Promise<Answer>) {
  return inRepository(async (call, repository) => {
    const id = numberParam(call, 'id');
    const comment = repository.record().comments.find((candidate) => candidate.id === id);
    return comment === undefined ? notFound() : handler(call, repository, comment);
  });
}

function listSince(call: Call, repository: Repository, comments: readonly CommentRecord[]): Answer {
  const since = timeQuery(call, 'since');
  if (!since.ok) return since.answer;
  const { value } = since;
  const recent = comments.filter(
    (comment) => value === undefined || Date.parse(comment.updatedAt) >= Date.parse(value),
  );
  return pagedList(call, recent, (comment) => commentShape(call.forge, repository.record(), comment));
}
