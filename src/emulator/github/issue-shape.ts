import type { RestEndpointMethodTypes } from '@octokit/rest';
import type { Forge } from './forge.ts';
import {
  type CommentRecord,
  type IssueRecord,
  isPull,
  type LabelRecord,
  type PullIssue,
  type RepositoryRecord,
} from './records.ts';
import { apiUrl, pageUrl } from './repository-shape.ts';
import { nodeId, userShape } from './user-shape.ts';

type Issue = RestEndpointMethodTypes['issues']['get']['response']['data'];
type Comment = RestEndpointMethodTypes['issues']['getComment']['response']['data'];
type Label = RestEndpointMethodTypes['issues']['getLabel']['response']['data'];

/** An issue as GitHub shows it; a pull request is one too, with `pull_request` filled. */
export function issueShape(forge: Forge, record: RepositoryRecord, issue: IssueRecord): Issue {
  const url = `${apiUrl(forge, record)}/issues/${issue.number}`;
  const viewer = userShape(forge.origin, forge.login);
  return {
    id: issue.id,
    node_id: nodeId('I', issue.id),
    number: issue.number,
    title: issue.title,
    body: issue.body,
    user: viewer,
    author_association: association(record),
    state: issue.state,
    state_reason: issue.stateReason,
    labels: issue.labels.map((name) => labelShape(forge, record, labelNamed(record, name))),
    assignee: null,
    assignees: [],
    milestone: null,
    locked: issue.locked,
    active_lock_reason: issue.lockReason,
    comments: commentCount(record, issue),
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    closed_by: issue.state === 'closed' ? viewer : null,
    url,
    repository_url: apiUrl(forge, record),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issuePage(forge, record, issue),
    ...(isPull(issue) && pullPart(forge, record, issue)),
  };
}

export function commentShape(forge: Forge, record: RepositoryRecord, comment: CommentRecord): Comment {
  const api = apiUrl(forge, record);
  const issue = record.issues.find((candidate) => candidate.number === comment.issue);
  const page = issue === undefined ? pageUrl(forge, record) : issuePage(forge, record, issue);
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    url: `${api}/issues/comments/${comment.id}`,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${api}/issues/${comment.issue}`,
    body: comment.body,
    user: userShape(forge.origin, forge.login),
    author_association: association(record),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
  };
}

export function labelShape(forge: Forge, record: RepositoryRecord, label: LabelRecord): Label {
  return {
    id: label.id,
    node_id: nodeId('LA', label.id),
    url: `${apiUrl(forge, record)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

export function labelNamed(record: RepositoryRecord, name: string): LabelRecord {
  const label = record.labels.find((candidate) => candidate.name === name);
  if (label === undefined) throw new Error(`the label ${name} is on an issue but not in the repository`);
  return label;
}

export function issuePage(forge: Forge, record: RepositoryRecord, issue: IssueRecord): string {
  return `${pageUrl(forge, record)}/${issue.pull === null ? 'issues' : 'pull'}/${issue.number}`;
}

export function commentCount(record: RepositoryRecord, issue: IssueRecord): number {
  return record.comments.filter((comment) => comment.issue === issue.number).length;
}

/** What the token's user is to the repository. */
export function association(record: RepositoryRecord): 'OWNER' | 'MEMBER' {
  return record.ownerType === 'User' ? 'OWNER' : 'MEMBER';
}

function pullPart(forge: Forge, record: RepositoryRecord, issue: PullIssue) {
  const page = issuePage(forge, record, issue);
  return {
    draft: issue.pull.draft,
    pull_request: {
      url: `${apiUrl(forge, record)}/pulls/${issue.number}`,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: issue.pull.mergedAt,
    },
  };
}
