import type { RestEndpointMethodTypes } from '@octokit/rest';
import type { Forge } from './forge.ts';
import { association, commentCount, issuePage, labelNamed, labelShape } from './issue-shape.ts';
import type { PullIssue, RepositoryRecord } from './records.ts';
import { apiUrl, repositoryShape } from './repository-shape.ts';
import { nodeId, userShape } from './user-shape.ts';

type FullPull = RestEndpointMethodTypes['pulls']['get']['response']['data'];

/** What only Git can tell about a pull request. */
export interface PullFacts {
  /** Null while GitHub would still be computing it, and once it is closed. */
  readonly mergeable: boolean | null;
  readonly mergeableState: 'clean' | 'dirty' | 'draft' | 'unknown';
  /** The commit that a merge would make now, or made. */
  readonly mergeCommit: string | null;
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
}

/** A pull request as `GET /pulls/{number}` shows it. */
export function fullPullShape(forge: Forge, record: RepositoryRecord, issue: PullIssue, facts: PullFacts): FullPull {
  const merged = issue.pull.mergedAt !== null;
  return {
    ...pullShape(forge, record, issue, facts.mergeCommit),
    merged,
    mergeable: facts.mergeable,
    rebaseable: null,
    mergeable_state: facts.mergeableState,
    merged_by: merged ? userShape(forge.origin, forge.login) : null,
    comments: commentCount(record, issue),
    review_comments: 0,
    maintainer_can_modify: false,
    commits: facts.commits,
    additions: facts.additions,
    deletions: facts.deletions,
    changed_files: facts.changedFiles,
  };
}

/** A pull request as lists show it. */
export function pullShape(forge: Forge, record: RepositoryRecord, issue: PullIssue, mergeCommit: string | null) {
  const { pull } = issue;
  return {
    id: issue.id,
    node_id: nodeId('PR', issue.id),
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    active_lock_reason: issue.lockReason,
    title: issue.title,
    body: issue.body,
    user: userShape(forge.origin, forge.login),
    author_association: association(record),
    labels: issue.labels.map((name) => labelShape(forge, record, labelNamed(record, name))),
    milestone: null,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    auto_merge: null,
    draft: pull.draft,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommit ?? mergeCommit,
    head: branchShape(forge, record, pull.head),
    base: branchShape(forge, record, pull.base),
    ...pullUrls(forge, record, issue),
  };
}

function branchShape(forge: Forge, record: RepositoryRecord, branch: PullIssue['pull']['head']) {
  return {
    label: `${record.owner}:${branch.ref}`,
    ref: branch.ref,
    sha: branch.sha,
    user: userShape(forge.origin, record.owner, record.ownerType),
    repo: repositoryShape(forge, record),
  };
}

function pullUrls(forge: Forge, record: RepositoryRecord, issue: PullIssue) {
  const api = apiUrl(forge, record);
  const url = `${api}/pulls/${issue.number}`;
  const issueUrl = `${api}/issues/${issue.number}`;
  const page = issuePage(forge, record, issue);
  const urls = {
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${api}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: `${api}/statuses/${issue.pull.head.sha}`,
  };
  return {
    ...urls,
    _links: {
      self: { href: urls.url },
      html: { href: urls.html_url },
      issue: { href: urls.issue_url },
      comments: { href: urls.comments_url },
      review_comments: { href: urls.review_comments_url },
      review_comment: { href: urls.review_comment_url },
      commits: { href: urls.commits_url },
      statuses: { href: urls.statuses_url },
    },
  };
}
